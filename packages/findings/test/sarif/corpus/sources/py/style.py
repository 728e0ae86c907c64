import os, sys
from json import *
def f(a, b = [], l = 1):
    x = 1
    try:
        return loads(a) == None
    except:
        pass
class lower: pass
