/** Style sheet of the report, for light and dark colour schemes, without external resources. */
export const STYLE = `
:root { color-scheme: light dark;
  --ground: #f6f7f9; --card: #fff; --text: #1c2430; --soft: #5a6675; --line: #dde2e8; --link: #0b5cad;
  --success: #1a7f4b; --failure: #b3261e; --skipped: #8a5300; --read: #1f5f8b; --write: #8e1245; --code: #f0f2f5; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #12161c; --card: #1b2129; --text: #e4e8ee; --soft: #9aa6b5; --line: #303944; --link: #7db7f2;
  --success: #63d297; --failure: #ff8a80; --skipped: #f2b45c; --read: #7fc1ec; --write: #ff8fb8; --code: #232b35; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; line-height: 1.3; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
h2 .end, .verdict { color: var(--tone); font-weight: 600; }
.lead { color: var(--soft); margin: .35rem 0 .75rem; overflow-wrap: anywhere; }
.overview { margin: .75rem 0 0; max-width: 46rem; }
.success { --tone: var(--success); } .failure, .cancelled { --tone: var(--failure); } .skipped { --tone: var(--skipped); }
.steps { background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.steps details { border-top: 1px solid var(--line); }
.steps details:first-child { border-top: 0; }
summary, .row { display: grid; grid-template-columns: minmax(9rem, 13rem) 1fr 4.5rem 5rem; gap: 1rem; align-items: center;
  padding: .5rem 1rem; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary .name::before { content: "▸"; color: var(--soft); display: inline-block; width: 1.1em; }
details[open] > summary .name::before { content: "▾"; }
.track { position: relative; height: .85rem; border-radius: 3px; background: var(--code); }
.bar { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 3px; background: var(--tone); }
.time { text-align: right; color: var(--soft); font-variant-numeric: tabular-nums; }
.body { padding: .25rem 1rem 1rem 2.1rem; border-top: 1px dashed var(--line); overflow-x: auto; }
.body h1, .body h2, .body h3 { font-size: 1rem; margin: 1rem 0 .4rem; }
.body p { margin: .5rem 0; overflow-wrap: anywhere; }
.body details { border: 0; }
.body summary { display: list-item; list-style: disclosure-closed inside; padding: .2rem 0; }
.body details[open] > summary { list-style: disclosure-open inside; }
table { border-collapse: collapse; font-size: .88rem; margin: .5rem 0; max-width: 100%; }
th, td { border: 1px solid var(--line); padding: .25rem .6rem; text-align: left; vertical-align: top; }
td, code { overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; }
code, pre { font: .85em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--code); border-radius: 4px; }
code { padding: .05rem .3rem; } pre { padding: .6rem .8rem; overflow-x: auto; } pre code { padding: 0; }
a { color: var(--link); }
.gantt { display: grid; grid-template-columns: minmax(10rem, 22rem) 1fr; gap: .3rem 1rem; align-items: center; font-size: .85rem; }
.axis { display: flex; justify-content: space-between; color: var(--soft); font-variant-numeric: tabular-nums; }
.axis-name { color: var(--soft); text-align: right; }
.calls { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.service { padding: .6rem 1rem .75rem; border-top: 1px solid var(--line); }
.service:first-child { border-top: 0; }
.service h3 { font-size: 1rem; margin: 0 0 .35rem; }
.count { color: var(--soft); font-weight: 400; font-size: .85rem; }
.operations { display: grid; grid-template-columns: 3.2rem 1fr; gap: .5rem; align-items: baseline; margin-top: .35rem; }
.kind { color: var(--tone); font-weight: 600; font-size: .82rem; }
.operations ul { display: flex; flex-wrap: wrap; gap: .35rem; margin: 0; padding: 0; list-style: none; }
.operations li { font-size: .82rem; border: 1px solid var(--tone); color: var(--tone); border-radius: 1rem;
  padding: 0 .55rem; overflow-wrap: anywhere; }
.write li { font-weight: 600; border-width: 2px; border-radius: 3px; }
.read { --tone: var(--read); } .write { --tone: var(--write); }
@media (max-width: 46rem) {
  main { padding: 1.25rem .75rem 3rem; }
  summary, .row { grid-template-columns: 1fr 4rem 4rem; gap: .5rem; padding: .5rem .75rem; }
  summary > .track { display: none; }
  .body { padding: .25rem .75rem 1rem; }
  .gantt { grid-template-columns: 1fr; gap: .15rem; }
  .gantt .track { margin-bottom: .4rem; }
  .axis-name { text-align: left; }
  th, td { padding: .2rem .35rem; font-size: .8rem; }
  table:has(td:nth-child(4)), table:has(td:nth-child(4)) :is(tbody, tr) { display: block; }
  table:has(td:nth-child(4)) thead { display: none; }
  tr:has(td:nth-child(4)) { border: 1px solid var(--line); padding: .25rem .35rem; margin-bottom: .4rem; }
  td:empty { display: none; }
  tr:has(td:nth-child(4)) td:not(:empty) { display: grid; grid-template-columns: 5.5rem 1fr; gap: .5rem; border: 0; }
  tr:has(td:nth-child(4)) td::before { content: attr(data-label); color: var(--soft); font-weight: 600; }
}
`;
