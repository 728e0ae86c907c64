import { html } from '@aws-delivery/action-kit/report/html';
import { renderMarkdown } from './markdown.js';

/** The frame of a job summary on GitHub, and the charts, which GitHub draws with Mermaid. */
const STYLE = `
body { margin: 0; padding: 16px; background: #fff; }
.frame { border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; }
.frame > header { padding: 10px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0;
  font: 600 14px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
.markdown-body { padding: 16px 24px 24px; }
.markdown-body td code { word-break: break-all; } .markdown-body td:has(code) { min-width: 8rem; }
.gantt { display: grid; grid-template-columns: max-content 1fr; gap: 6px 16px; align-items: center; font-size: 13px;
  padding: 16px; background: #f6f8fa; border-radius: 6px; }
.track { position: relative; height: 14px; background: #eaeef2; border-radius: 3px; }
.bar { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 3px; background: #1a7f37; }
.failure .bar { background: #cf222e; }
.axis { display: flex; justify-content: space-between; }
.axis, .axis-name { color: #59636e; } .axis-name { text-align: right; }
`;

/** Renders a job summary as GitHub shows it. `style` is the style sheet github-markdown-css. */
export const renderSummaryPage = (markdown: string, style: string): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Job summary</title>
<style>${{ html: style }}${{ html: STYLE }}</style></head>
<body><div class="frame"><header>deliver summary</header><div class="markdown-body">${renderMarkdown(markdown)}</div></div></body></html>
`.html;
