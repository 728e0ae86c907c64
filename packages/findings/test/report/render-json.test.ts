import { describe, expect, it } from '@jest/globals';
import { LazyList, renderJson } from '../../src/report/render-json.js';

const render = (value: unknown, indent: number): string => [...renderJson(value, indent)].join('');

describe('renderJson', () => {
  const items = [{ a: 'line\nline', b: [1, { c: [] }] }, null, 'text', {}];

  it.each([1, 2])('renders lazy lists as JSON.stringify renders arrays, with an indent of %d', (indent) => {
    const lazy = {
      x: undefined,
      runs: new LazyList([{ name: 'one', results: new LazyList(items) }, { n: new LazyList([]) }]),
      z: [1],
    };
    const plain = { runs: [{ name: 'one', results: items }, { n: [] }], z: [1] };
    expect(render(lazy, indent)).toBe(JSON.stringify(plain, null, indent));
    expect(render(new LazyList(items), indent)).toBe(JSON.stringify(items, null, indent));
  });

  it('creates an item when it is written', () => {
    let created = 0;
    const create = function* () {
      for (; created < 100; created += 1) yield created;
    };
    const pieces = renderJson(new LazyList(create()), 1);
    for (let count = 0; count < 6; count += 1) pieces.next();
    expect(created).toBeLessThan(10);
  });
});
