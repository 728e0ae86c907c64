/** Style sheet of the HTML report, with a light and a dark colour scheme and a print style. It loads nothing. */
export const STYLE = `
:root { color-scheme: light dark;
  --background: #f6f7f9; --card: #fff; --text: #1c2430; --soft: #5a6675; --line: #dde2e8; --highlight: #fff4d6; --link: #0b5cad;
  --critical: #8e1245; --high: #b3261e; --medium: #8a5300; --low: #1f5f8b; --info: #56616e; --none: #56616e;
  --passed: #1a7f4b; --blocked: #b3261e; --unknown: #8a5300; }
@media (prefers-color-scheme: dark) { :root {
  --background: #12161c; --card: #1b2129; --text: #e4e8ee; --soft: #9aa6b5; --line: #303944; --highlight: #3d3318; --link: #7db7f2;
  --critical: #ff8fb8; --high: #ff8a80; --medium: #f2b45c; --low: #7fc1ec; --info: #a7b3c1; --none: #a7b3c1;
  --passed: #63d297; --blocked: #ff8a80; --unknown: #f2b45c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--background); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
a { color: var(--link); }
h1 { font-size: 1.6rem; margin: 0; line-height: 1.3; }
h1 b { color: var(--tone); }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; color: var(--tone); text-transform: capitalize; }
h3 { font: 600 .95rem/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; margin: 1.25rem 0 .5rem;
  overflow-wrap: anywhere; }
.reason { font-size: 1.05rem; margin: .35rem 0 0; }
.meta { color: var(--soft); font-size: .9rem; margin: .5rem 0 0; overflow-wrap: anywhere; }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-top: 3px solid var(--tone); border-radius: 8px;
  padding: .6rem 1rem; min-width: 6.5rem; text-transform: capitalize; color: var(--soft); font-size: .9rem; }
.tiles b { display: block; color: var(--tone); font-size: 1.6rem; line-height: 1.2; }
details { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 8px;
  margin: .5rem 0; }
summary { padding: .65rem 1rem; cursor: pointer; overflow-wrap: anywhere; }
summary::marker { color: var(--soft); }
summary .where { color: var(--soft); font-size: .9rem; margin-left: .4rem; }
.badge { font-size: .75rem; border: 1px solid var(--tone); color: var(--tone); border-radius: 1rem; padding: .05rem .55rem;
  margin-left: .4rem; overflow-wrap: anywhere; }
.badge.quiet { border-color: var(--line); color: var(--soft); }
.tiles a { color: inherit; text-decoration: none; display: block; }
.index { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1rem; --tone: var(--line); }
.index details { flex: 1 1 18rem; } .index ul { margin: 0; padding: 0 1rem 1rem 2rem; overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1rem; font-size: .9rem; }
form[hidden] { display: none; }
select, input[type=search] { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft);
  border-radius: 4px; padding: .2rem .4rem; max-width: 16rem; }
.flow { border-left-width: 1px; border-left-color: var(--line); } .flow ol { margin: 0 0 .75rem; overflow-wrap: anywhere; }
.flow li[aria-current] { background: var(--highlight); } .stepper { padding-left: 1rem; }
.place { margin: 0 0 .75rem; overflow-wrap: anywhere; }
.body { padding: 0 1rem 1rem; }
.message { margin: 0 0 .75rem; white-space: pre-line; overflow-wrap: anywhere; }
.about { color: var(--soft); margin: .75rem 0 0; white-space: pre-line; overflow-wrap: anywhere; }
pre { overflow-x: auto; margin: 0 0 .75rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: 6px;
  font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.more { color: var(--soft); font-size: .9rem; margin: .75rem 0 0; overflow-wrap: anywhere; }
.code { overflow-x: auto; margin: 0; padding: .5rem 0; border: 1px solid var(--line); border-radius: 6px;
  font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; list-style: none; }
.code li { display: flex; white-space: pre; min-width: max-content; padding-right: 1rem; }
.code li.hit { background: var(--highlight); }
.code span { width: 4rem; flex: none; padding-right: 1rem; text-align: right; color: var(--soft); user-select: none; }
.critical { --tone: var(--critical); } .high { --tone: var(--high); } .medium { --tone: var(--medium); }
.low { --tone: var(--low); } .info, .none { --tone: var(--info); }
.passed { --tone: var(--passed); } .blocked { --tone: var(--blocked); } .unknown { --tone: var(--unknown); }
@media print { details { break-inside: avoid; } body { background: none; } }
`;
