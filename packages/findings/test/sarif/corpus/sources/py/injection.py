import os, pickle, subprocess, yaml
def run(name, data):
    subprocess.call("ls " + name, shell=True)
    eval(name)
    yaml.load(data)
    return pickle.loads(data)
