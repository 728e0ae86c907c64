import { describe, expect, it } from '@jest/globals';
import {
  parseBoolean,
  parseChoice,
  parseDocument,
  parseDuration,
  parseInteger,
  parseLines,
  parseList,
  parseMapping,
  parseVerbatimDocument,
} from '../../src/inputs/parse.js';

describe('parseBoolean', () => {
  it.each(['true', 'TRUE', 'yes', 'On', '1', ' true '])('parses %j as true', (text) => {
    expect(parseBoolean(text)).toBe(true);
  });
  it.each(['false', 'False', 'no', 'OFF', '0'])('parses %j as false', (text) => {
    expect(parseBoolean(text)).toBe(false);
  });
  it.each(['', 'y', 'truthy', '2', 'null'])('rejects %j and names the choices', (text) => {
    expect(() => parseBoolean(text)).toThrow(`'${text}' is not a boolean: write true or false`);
  });
});

describe('parseInteger', () => {
  it.each([
    ['0', 0],
    ['-7', -7],
    ['+7', 7],
    [' 42 ', 42],
  ])('parses %j', (text, value) => {
    expect(parseInteger(text)).toBe(value);
  });
  it.each(['', '1.5', '1e3', '0x10', 'ten', '9007199254740993'])('rejects %j', (text) => {
    expect(() => parseInteger(text)).toThrow('is not a whole number');
  });
  it('reports the range', () => {
    expect(() => parseInteger('21', { min: 1, max: 20 })).toThrow("'21' is not a whole number from 1 to 20");
    expect(() => parseInteger('0', { min: 1 })).toThrow('of at least 1');
    expect(() => parseInteger('2', { max: 1 })).toThrow('of at most 1');
  });
});

describe('parseDuration', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['15m', 900],
    ['1h30m', 5_400],
    ['2d', 172_800],
    ['1H 5S', 3_605],
    ['0', 0],
  ])('parses %j as %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });
  it.each(['', '15 minutes', '30m1h', '1h1h', '-5', '1.5h', 'm'])('rejects %j', (text) => {
    expect(() => parseDuration(text)).toThrow('is not a duration');
  });
});

describe('parseChoice', () => {
  it('is case-insensitive', () => {
    expect(parseChoice('Warn', ['fail', 'warn'])).toBe('warn');
  });
  it('reports the choices', () => {
    expect(() => parseChoice('stop', ['fail', 'warn'])).toThrow("'stop' is not one of fail, warn");
  });
});

describe('parseList and parseLines', () => {
  it.each([
    ['a, b,c', ['a', 'b', 'c']],
    ['a\nb\n\nc\n', ['a', 'b', 'c']],
    ['["a", "b, c", 3]', ['a', 'b, c', '3']],
    ['', []],
    [' , ,', []],
  ])('parses %j', (text, items) => {
    expect(parseList(text)).toEqual(items);
  });
  it('keeps commas in lines', () => {
    expect(parseLines('a, b\n c \n')).toEqual(['a, b', 'c']);
  });
  it('rejects nested lists', () => {
    expect(() => parseList('[["a"]]')).toThrow('not a string, number or boolean');
  });
});

describe('parseDocument', () => {
  it('parses JSON and YAML', () => {
    expect(parseDocument('{"a": [1]}')).toEqual({ a: [1] });
    expect(parseDocument('a:\n  - 1')).toEqual({ a: [1] });
  });
  it('rejects anything else with the position', () => {
    expect(() => parseDocument('a: [1')).toThrow(/is not valid JSON or YAML: .*line 1/);
  });
  it('rejects an alias without its anchor', () => {
    expect(() => parseVerbatimDocument('*absent')).toThrow("'*absent' is not valid JSON or YAML: Unresolved alias");
  });

  it('rejects excessive alias expansion', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 9; level += 1) {
      const [name, below] = [String.fromCharCode(97 + level), String.fromCharCode(96 + level)];
      bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${below}`).join(',')}]`);
    }
    expect(() => parseDocument(bomb.join('\n'))).toThrow('is not valid JSON or YAML');
  });

  it.each([
    ['lists in lines', '- '.repeat(5000)],
    ['lists in brackets', '['.repeat(5000) + ']'.repeat(5000)],
    ['mappings in lines', Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['mappings in braces', '{"a":'.repeat(3000) + '1'.padEnd(3001, '}')],
  ])('rejects deeply nested %s', (_, text) => {
    expect(() => parseDocument(text)).toThrow('is nested more than 200 levels deep');
    expect(() => parseVerbatimDocument(text)).toThrow('is nested more than 200 levels deep');
  });

  it('parses up to the maximum depth', () => {
    const deep = '{"a":'.repeat(60) + '1'.padEnd(61, '}');
    expect(JSON.stringify(parseDocument(deep))).toBe(deep);
  });
});

describe('parseMapping', () => {
  it.each([
    ['a=1\nb=2', { a: '1', b: '2' }],
    ['a=1,b=2', { a: '1', b: '2' }],
    ['a="x, y",b=\'p,q\'', { a: 'x, y', b: 'p,q' }],
    ['a="say \\"hi\\"",b=', { a: 'say "hi"', b: '' }],
    ['# team\n\na=1\n  # more\nb=#2', { a: '1', b: '#2' }],
    ['a=1,\n# more\nb=2\n#', { a: '1', b: '2' }],
    ['# a list\na: 1', { a: '1' }],
    ['acme:team=red\nstage=prod', { 'acme:team': 'red', stage: 'prod' }],
    ['stage=prod\nacme:team=red', { 'acme:team': 'red', stage: 'prod' }],
    ['acme:a:b=x:y,c=d', { 'acme:a:b': 'x:y', c: 'd' }],
    ['acme:team: red=blue', { 'acme:team': 'red=blue' }],
    ['url=https://example.com/?x=1', { url: 'https://example.com/?x=1' }],
    ['{"a": 1, "b": true}', { a: '1', b: 'true' }],
    ['account: 012345678901\nversion: 1.10\n007: yes', { account: '012345678901', version: '1.10', '007': 'yes' }],
    ['[{"Key": "version", "Value": 1.10}]', { version: '1.10' }],
    ['a: 1\nb: text = more', { a: '1', b: 'text = more' }],
    ['[{"Key": "team", "Value": "x"}]', { team: 'x' }],
    ['', {}],
  ])('parses %j', (text, expected) => {
    expect(parseMapping(text)).toEqual(expected);
  });
  it('cannot reach the prototype', () => {
    expect(Object.getPrototypeOf(parseMapping('__proto__=x'))).toBe(Object.prototype);
  });
  it.each([
    ['a: [1', 'is not valid JSON or YAML'],
    ['a=1\na=2', "'a' occurs twice: keep one"],
    ['a="x" y,b=2', 'is not of the form key=value'],
    ['secret=pass,word', /^the text after the value of secret is not of the form key=value/],
    ['just words', 'is not a mapping'],
    ['{"a": {"b": 1}}', 'not a string, number or boolean'],
    ['[{"Key": "team"}]', 'is not of the form {"Key"'],
    ['[{"Value": "x"}]', 'is not of the form {"Key"'],
  ])('rejects %j', (text, message) => {
    expect(() => parseMapping(text)).toThrow(message);
  });
});
