import hashlib, random, tempfile
PASSWORD = "hunter22"
def digest(text):
    assert text
    token = random.random()
    path = tempfile.mktemp()
    return hashlib.md5(text).hexdigest(), token, path
