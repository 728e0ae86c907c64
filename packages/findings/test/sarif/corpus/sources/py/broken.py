def broken(:
    eval(name)
