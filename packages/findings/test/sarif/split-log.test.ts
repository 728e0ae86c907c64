import { describe, expect, it } from '@jest/globals';
import { splitLog } from '../../src/sarif/split-log.js';

const split = (text: string) => {
  const { frame, results } = splitLog(Buffer.from(text));
  const texts = Array.from({ length: results.count }, (_, position) => results.getText(position).trim());
  return { frame, texts, results };
};

describe('splitLog', () => {
  it.each([
    ['results before the tool', '{"runs":[{"results":[{"a":1},{"b":2}],"tool":{}}]}', ['{"a":1}', '{"b":2}']],
    ['brackets and quotes in strings', '{"runs":[{"results":[{"a":"]}\\"{["}]}]}', ['{"a":"]}\\"{["}']],
    ['a backslash at the end of a string', '{"runs":[{"results":[{"a":"\\\\"},2]}]}', ['{"a":"\\\\"}', '2']],
    ['whitespace everywhere', '\t{ "runs" :\r\n[ { "results" : [ { "a" : 1 } , 2 ] } ] } ', ['{ "a" : 1 }', '2']],
    ['an escaped name', '{"runs":[{"\\u0072esults":[1]}]}', ['1']],
    ['several runs', '{"runs":[{"results":[1]},{"results":[]},{"results":[2,3]}]}', ['1', '2', '3']],
    ['external properties', '{"inlineExternalProperties":[{"results":[1]}],"runs":[]}', ['1']],
    ['nested lists', '{"runs":[{"results":[[1,[2]],{"results":[3]}]}]}', ['[1,[2]]', '{"results":[3]}']],
    ['results elsewhere', '{"results":[1],"runs":[{"properties":{"results":[2]},"results":null}]}', []],
    ['no log', '[{"results":[1]}]', []],
    ['a scalar', ' 17 ', []],
  ])('finds the results with %s', (_, text, texts) => {
    const result = split(text);
    expect(result.texts).toEqual(texts);
    const whole = JSON.parse(text);
    const restore = (value: unknown): unknown =>
      Array.isArray(value) ? value.map((position) => JSON.parse(result.texts[position] ?? '')) : value;
    const frame = JSON.parse(result.frame);
    for (const each of [...(frame.runs ?? []), ...(frame.inlineExternalProperties ?? [])])
      each.results = restore(each.results);
    expect(JSON.stringify(frame.runs)).toBe(JSON.stringify(whole.runs));
  });

  it('names the place of a result', () => {
    const { results } = split('{"runs":[{"results":[1,2]},{},{"results":[3,4]}]}');
    expect([0, 1, 2, 3].map((position) => results.getPath(position).join('.'))).toEqual([
      'runs.0.results.0',
      'runs.0.results.1',
      'runs.2.results.0',
      'runs.2.results.1',
    ]);
  });

  it.each([
    '',
    '{',
    '{"runs":[',
    '{"runs":[{"results":[{"a":"',
    '{"runs":[{"results":[1 2',
    '{"runs" [',
    '{"runs":[,]}',
  ])('rejects %j', (text) => {
    expect(() => splitLog(Buffer.from(text))).toThrow(SyntaxError);
  });
});
