import { describe, expect, it } from '@jest/globals';
import { buildDependencyGraph, findResourceReferences, sortTopologically } from '../src/dependency-graph.js';
import { parseTemplate } from '../src/template.js';
import { referenceTemplate } from './reference-template.js';

describe('dependency graph', () => {
  it('finds every reference with its path', () => {
    const table = referenceTemplate.resources.get('Table');
    if (table === undefined) throw new Error('no table');
    expect(
      findResourceReferences(table).map(
        ({ name, attribute }) => `${name}${attribute === undefined ? '' : `.${attribute}`}`,
      ),
    ).toEqual(['Stream.Arn', 'Backup', 'Name', 'Queue.Arn', 'Bucket']);
    expect(findResourceReferences(table)[0]?.path).toEqual(['Resources', 'Table', 'Properties', 'Stream', 'Fn::If', 1]);
  });

  it('sorts resources after their dependencies', () => {
    const order = sortTopologically(buildDependencyGraph(referenceTemplate));
    expect(order.at(-1)).toBe('Table');
    expect(order.indexOf('Stream')).toBeGreaterThan(order.indexOf('Bucket'));
  });

  it('follows the branch that a condition takes', () => {
    const listDependencies = (taken: boolean) =>
      [...(buildDependencyGraph(referenceTemplate, () => taken).get('Table') ?? [])].sort();
    expect(listDependencies(true)).toEqual(['Bucket', 'Queue', 'Stream']);
    expect(listDependencies(false)).toEqual(['Backup', 'Bucket', 'Queue']);
  });

  it('names the resources of a cycle', () => {
    const cyclic = parseTemplate(
      'Resources: { A: { Type: T, DependsOn: B }, B: { Type: T, DependsOn: A }, C: { Type: T } }',
    );
    expect(() => sortTopologically(buildDependencyGraph(cyclic))).toThrow(
      'circular dependency between resources: [A, B]',
    );
  });
});
