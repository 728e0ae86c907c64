import type { Html } from '@aws-delivery/action-kit/report/html';
import MarkdownIt from 'markdown-it';
import { renderGanttBars } from './gantt.js';

const markdown = new MarkdownIt({ html: true });

const renderPlainFence = markdown.renderer.rules.fence;
markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
  const { info = '', content = '' } = tokens[index] ?? {};
  if (info.trim() === 'mermaid' && content.startsWith('gantt')) return renderGanttBars(content).html;
  return renderPlainFence?.(tokens, index, options, env, self) ?? '';
};

// Narrow screens show the rows of a table as lists, with the head of the column in front of each cell.
markdown.core.ruler.push('cell-labels', ({ tokens }) => {
  let labels: string[] = [];
  let column = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'thead_open') labels = [];
    if (token.type === 'tr_open') column = 0;
    if (token.type === 'th_open') labels.push(tokens[index + 1]?.content ?? '');
    if (token.type === 'td_open') {
      token.attrSet('data-label', labels[column] ?? '');
      column += 1;
    }
  }
});

/** Renders a job summary, with its HTML (`<details>`) and Gantt charts. */
export const renderMarkdown = (source: string): Html => ({ html: markdown.render(source) });
