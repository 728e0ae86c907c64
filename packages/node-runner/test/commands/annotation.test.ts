import { describe, expect, it } from '@jest/globals';
import { type Annotation, parseAnnotation } from '../../src/commands/annotation.js';
import { parseCommand } from '../../src/commands/workflow-command.js';

const parse = (line: string): Annotation | undefined => {
  const command = parseCommand(line);
  return command && parseAnnotation('error', command, '/w');
};

describe('parseAnnotation', () => {
  it.each([
    ['file=/w/a/b.yml', { file: 'a/b.yml', line: undefined }],
    ['file=/elsewhere/b.yml', { file: '/elsewhere/b.yml' }],
    ['file=a.yml,line=3', { line: 3, endLine: undefined }],
    ['file=a.yml,endLine=3', { line: 3, endLine: 3 }],
    ['file=a.yml,line=3,endLine=2', { line: undefined, endLine: undefined }],
    ['file=a.yml,line=3,col=2,endColumn=5', { line: 3, column: 2, endColumn: 5 }],
    ['file=a.yml,line=3,endColumn=5', { column: 5, endColumn: 5 }],
    ['file=a.yml,line=3,col=5,endColumn=2', { line: 3, column: undefined, endColumn: undefined }],
    ['file=a.yml,line=3,endLine=4,col=1', { line: 3, endLine: 4, column: undefined }],
    ['file=a.yml,col=2', { line: undefined, column: undefined }],
    ['file=a.yml,line=three', { line: undefined }],
    ['title=T%3A t', { title: 'T: t', file: undefined }],
  ])('places %s as GitHub does', (properties, range) => {
    expect(parse(`::error ${properties}::m`)).toMatchObject({ message: 'm', ...range });
  });
});
