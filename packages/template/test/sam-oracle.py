"""Reads one template per line, and prints whether the SAM translator (aws-sam-translator, PyPI) creates IAM resources."""

import json
import sys

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def creates_iam(template):
    """True or false; None for a template that the translator rejects."""
    try:
        managed = {"AWSLambdaExecute": "arn:aws:iam::aws:policy/AWSLambdaExecute"}
        result = Translator(managed, Parser()).translate(template, {})
    except Exception as error:
        print(error, getattr(error, "causes", ""), file=sys.stderr)
        return None
    return any(resource["Type"].startswith("AWS::IAM::") for resource in result["Resources"].values())


for line in sys.stdin:
    print(json.dumps(creates_iam(json.loads(line))))
