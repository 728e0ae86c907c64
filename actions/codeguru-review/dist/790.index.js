export const id=790;export const ids=[790];export const modules={3790:(e,t,r)=>{r.d(t,{W:()=>E,writeReportFiles:()=>D});var n=r(1455),i=r(6760),o=r(8098),a=r(2377),s=r(3737),l=r(8314),d=r(4431),c=r(2632),m=r(6091);let p=e=>e?.text!==void 0&&""!==e.text.trim(),u={critical:"error",high:"error",medium:"warning",low:"note",info:"note",none:"error"},f={critical:"9.5",high:"8.0",medium:"5.5",low:"2.0"};var h=r(4259),g=r(7598),y=r(5833),v=r(3189),w=r(9805),b=r(9660),$=r(5550);let x=(e,t="")=>""===e?y.c0:(0,y.qy)`<span class="badge ${t}">${e}</span>`,k=({finding:{rule:e,message:t}})=>""!==e.description&&e.description!==t,q=e=>k(e)?(0,$.W)(e.finding.rule.description,"about",e=>e):y.c0,C=(e,t)=>{let{finding:r,code:n,status:i,isNew:o}=e,{codeHost:a,isExpanded:s,description:l,id:d}=t,{rule:m,location:p,message:u,markup:f=u}=r,h=void 0===p?"":(0,b.j$)(p),g=void 0!==n&&s?(({excerpt:e})=>{let{first:t,lines:r,from:n,to:i}=e,o=r.map((e,r)=>{let o=t+r;return(0,y.qy)`<li class="${o>=n&&o<=i?"hit":"near"}"><span>${o}</span>${e}</li>`});return(0,y.qy)`<ol class="code" tabindex="0">${o}</ol>`})(n):y.c0,v={html:"fails"===i.kind&&s?" open":""},k="fails"===i.kind?"":"quiet",q=(0,b.$W)(p,a),C=void 0===q?y.c0:(0,y.qy)`<p class="place">${(0,y.BK)(h,q)}</p>`,M=(0,y.qy)`${(0,$.W)(f,"message",(0,b.R$)(r,a))}${C}${g}${(({finding:e},t)=>{let r=(e=>{if(e?.result.codeFlows===void 0)return[];let{codeFlows:t=[]}=(0,c.BK)(e,["codeFlows"]);return t.map(({threadFlows:e=[]})=>e.flatMap(({locations:e=[]})=>e.map(({location:e})=>({location:(0,c.Ox)(e),message:e?.message?.text??"",snippet:e?.physicalLocation?.region?.snippet?.text??""})))).filter(e=>e.length>0)})(e.origin).slice(0,5);return(0,y.qy)`${r.map(e=>(0,y.qy)`<details class="flow"><summary>Code flow (${e.length} steps)</summary><p class="stepper" hidden><button type="button" data-step="-1">Previous step</button> <button type="button" data-step="1">Next step</button></p><ol>${e.slice(0,200).map((e,r)=>(({location:e,message:t,snippet:r},n,i)=>{let o=void 0===e?y.c0:(0,y.BK)((0,b.j$)(e),(0,b.$W)(e,i)),a=""===r?y.c0:(0,y.qy)` <code>${(0,w.OX)(r,200)}</code>`;return(0,y.qy)`<li${{html:0===n?' aria-current="step"':""}}>${o} ${t}${a}</li>`})(e,r,t))}</ol></details>`)}`})(e,a)}${l}${(({finding:{rule:e,category:t,source:r,id:n},fingerprint:i})=>{let o=[r,t,e.id,...e.tags].filter(e=>""!==e),a=(0,b.lc)(e),s=void 0===a?y.c0:(0,y.qy)` · ${(0,y.BK)("About this rule",a)}`;return(0,y.qy)`<p class="more">${o.join(" \xb7 ")}${s} · ${n??i}</p>`})(e)}`;return(0,y.qy)`<details${d}${v}><summary><b>${m.name}</b><span class="where">${h}</span>${x(!0===o?"new":"")}${x((({status:e})=>{switch(e.kind){case"fails":return"fails";case"known":return"known";case"ignored":return`ignored: ${e.reason}`;case"below":return""}})(e),k)}</summary><div class="body">${M}</div></details>
`},M=`
(() => {
  const CHUNK = 50;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId('data').textContent);
  const [form, list, count, end] = ['filters', 'findings', 'count', 'end'].map(byId);
  const fields = form.elements;
  const keys = { severity: (row) => row.s, file: (row) => row.f, rule: (row) => row.r, status: (row) => row.k };
  const names = { severity: data.severities, file: data.files, rule: data.rules.map(({ name }) => name), status: data.statuses };
  const template = document.createElement('template');
  let shown = data.rows;
  let next = 0;
  let group;

  const toElement = (markup) => {
    template.innerHTML = markup;
    return template.content;
  };
  const toRow = (row) => {
    const content = toElement(row.h);
    for (const about of content.querySelectorAll('[data-rule]')) about.innerHTML = data.rules[row.r].about;
    for (const stepper of content.querySelectorAll('.stepper')) stepper.hidden = false;
    return content;
  };
  const toHeading = (name, tone) => {
    const heading = document.createElement('h2');
    heading.textContent = name;
    if (tone) heading.className = tone;
    return heading;
  };
  const showMore = () => {
    const by = fields.group.value;
    const fragment = document.createDocumentFragment();
    for (const limit = Math.min(next + CHUNK, shown.length); next < limit; next += 1) {
      const key = keys[by](shown[next]);
      if (key !== group) fragment.append(toHeading(names[by][key] || 'No file', by === 'severity' ? names[by][key] : ''));
      group = key;
      const content = document.createElement('div');
      content.className = names.severity[shown[next].s];
      content.append(toRow(shown[next]));
      fragment.append(content);
    }
    list.append(fragment);
    if (next >= shown.length) return observer.unobserve(end);
    // Observing again reports the end if it is still in view.
    observer.unobserve(end);
    observer.observe(end);
  };
  const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && showMore(), {
    rootMargin: '800px',
  });
  const matches = (row, words) =>
    Object.keys(keys).every((name) => fields[name].value === '' || keys[name](row) === Number(fields[name].value)) &&
    (!fields.fresh || !fields.fresh.checked || row.n === 1) &&
    words.every((word) => row.t.includes(word));
  const apply = () => {
    const words = fields.search.value.toLowerCase().split(/\\s+/).filter((word) => word !== '');
    const by = fields.group.value;
    shown = data.rows.filter((row) => matches(row, words));
    if (by !== 'severity') shown.sort((left, right) => keys[by](left) - keys[by](right) || left.i - right.i);
    list.textContent = '';
    next = 0;
    group = undefined;
    count.textContent = shown.length + ' of ' + data.rows.length + (data.rows.length === 1 ? ' finding' : ' findings');
    showMore();
  };
  const addOptions = (name) => {
    const totals = new Map();
    for (const row of data.rows) totals.set(keys[name](row), (totals.get(keys[name](row)) || 0) + 1);
    for (const [key, total] of [...totals].sort((left, right) => left[0] - right[0]))
      fields[name].add(new Option((names[name][key] || 'No file') + ' (' + total + ')', key));
  };
  const readHash = () => {
    const [name, value] = decodeURIComponent(location.hash.slice(1)).split('=');
    if (!keys[name]) return;
    form.reset();
    fields[name].value = name === 'severity' || name === 'status' ? names[name].indexOf(value) : value;
    apply();
    byId('results').scrollIntoView();
  };
  const step = (button) => {
    const steps = [...button.closest('.flow').querySelectorAll('li')];
    const current = steps.findIndex((item) => item.hasAttribute('aria-current'));
    const target = steps[Math.min(steps.length - 1, Math.max(0, current + Number(button.dataset.step)))];
    for (const item of steps) item.removeAttribute('aria-current');
    target.setAttribute('aria-current', 'step');
    target.scrollIntoView({ block: 'nearest' });
  };

  data.rows.forEach((row, index) => Object.assign(row, { i: index }));
  Object.keys(keys).forEach(addOptions);
  form.hidden = false;
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  list.addEventListener('click', (event) => event.target.matches('[data-step]') && step(event.target));
  addEventListener('hashchange', readHash);
  apply();
  readHash();
})();
`,S=`
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
`,L=["fails","below","known","ignored"],O={fails:"failing",below:"below the threshold",known:"known",ignored:"ignored"},I=e=>JSON.stringify(e).replaceAll("<","\\u003c");class j{used=new Set;take(e){return this.used.has(e)?y.c0:(this.used.add(e),(0,y.qy)` id="${e}"`)}}let R=(e,t)=>new Map([...(0,s.$)(e,t)].map(([e,t])=>[e,t.length])),F=(e,t)=>{let r=[...t].sort((e,t)=>t.count-e.count).slice(0,200),n=t.length-r.length,i=0===n?y.c0:(0,y.qy)`<li>(${n} more)</li>`,o=r.map(({href:e,name:t,count:r})=>(0,y.qy)`<li><a href="${e}">${t}</a> (${r})</li>`);return(0,y.qy)`<details><summary>${e} (${t.length})</summary><ul>${o}${i}</ul></details>`},N=({finding:e,fingerprint:t,isNew:r,status:n})=>({finding:e,fingerprint:t,state:void 0===r?void 0:r?"new":"unchanged",ignored:"ignored"===n.kind?n.reason:void 0}),E=(e,t=e.evaluatedFindings)=>{var r,n;let i,{sourceResults:o,codeHost:g}=e,y=o.flatMap(({scanners:e})=>e);return JSON.stringify((r=t.map(N),n={category:t=>(({request:e,codeHost:t},r)=>e.category??`${h.p}/${t.prefix}${r}`)(e,t),commit:g.commit,writtenBy:h.p,placeholder:g.workflowFile??(g.prefix.replace(/\/$/u,"")||".")},i=(0,s.$)(r,({finding:e})=>e.source),{version:"2.1.0",$schema:"https://json.schemastore.org/sarif-2.1.0.json",runs:[...new Set([...y,...i.keys()])].map(e=>((e,t,r)=>{let{category:n,commit:i}=r,o=[...(0,s.$)(t,({finding:e})=>e.rule.id)],h=new Map(o.map(([e],t)=>[e,t])),g=[...new Set(t.flatMap(({finding:e})=>e.origin?.run??[]))],{extensions:y,run:v}=(0,c.Xz)(g);return{...v,tool:{driver:{...(0,c.u9)(g[0]),name:e,rules:o.flatMap(([,e])=>(e=>{let t,r,n,[i]=e;if(void 0===i)return[];let{rule:o,origin:a}=i,s=(0,c.gI)(a),l=a?.rule?.properties??{},m=e.map(({severity:e})=>e).sort(d.Rj)[0]??"none",h=e.some(({category:e,rule:t})=>"SecurityIssues"===e||t.tags.includes("security"))||void 0!==l["security-severity"],g=h?(r="number"==typeof(t=l["security-severity"])||"string"==typeof t?Number(t):0/0)>0&&r<=10?String(t):f[m]:void 0,{"security-severity":y,tags:v,...w}=l,b={text:o.description||o.name||o.id};return[{...s,id:o.id,...o.name===o.id?{}:{name:o.name},shortDescription:p(s.shortDescription)?s.shortDescription:{text:o.name||o.id},fullDescription:p(s.fullDescription)?s.fullDescription:b,help:p(s.help)?s.help:b,...void 0!==(n=o.help)&&URL.canParse(n)&&/^https?:/iu.test(n)?{helpUri:new URL(o.help).href}:{},defaultConfiguration:{level:u[m]},properties:{...w,tags:[...new Set([...h?["security"]:[],...o.tags])].slice(0,20),...void 0===g?{}:{"security-severity":g}}}]})(e.map(({finding:e})=>e)))},...0===y.length?{}:{extensions:y}},automationDetails:{id:`${n(e)}/`},columnKind:"utf16CodeUnits",...void 0===i?{}:{properties:{commit:i}},results:t.map(e=>(({finding:e,fingerprint:t,state:r,ignored:n},i,{placeholder:o})=>{let s=void 0===e.location&&void 0===e.artifact&&void 0!==o,{tags:d,...p}=e.origin?.result.properties??{};return{...(0,c.BK)(e.origin),ruleId:e.rule.id,ruleIndex:i,level:u[e.severity],message:(0,c.FD)(e.origin,e.message),locations:((e,t)=>{let{location:r,artifact:n}=e;if(void 0===r){let e;if(void 0!==n)return[{physicalLocation:{artifactLocation:{uri:(0,a.O0)(n)},region:{startLine:1}},logicalLocations:[{fullyQualifiedName:n,kind:"module"}]}];return void 0===t?[]:[(e=t,{physicalLocation:{artifactLocation:{uri:(0,a.O0)(e),uriBaseId:"%SRCROOT%"},region:{startLine:1}}})]}let{file:i,...o}=r,s={artifactLocation:{uri:(0,a.O0)(i),uriBaseId:"%SRCROOT%"},region:{startLine:1,...o}};return[{...(({origin:e})=>{let{locations:t}=(0,c.BK)(e,["locations"]),{physicalLocation:r,...n}=t?.[0]??{};return n})(e),physicalLocation:s}]})(e,o),partialFingerprints:{...e.fingerprints,[l.N]:t},...void 0===r?{}:{baselineState:r},suppressions:void 0===n?[]:[{kind:"external",status:"accepted",justification:n}],properties:{...p,severity:e.severity,...""===e.category?{}:{category:e.category},...void 0===e.id?{}:{recommendationId:e.id},...s?{[m.y]:!0}:{}}}})(e,h.get(e.finding.rule.id)??-1,r))}})(e,i.get(e)??[],n)),properties:{[m.o]:n.writtenBy}}),null,1)},H={critical:"Critical",high:"High",medium:"Medium",low:"Low",info:"Info",none:"High"},D=async(e,{env:t,log:r,redactor:l})=>{let c=async(s,d)=>{let c=(0,i.join)(e.request.reportDirectory,s);try{return await (async(e,t,r)=>{let s=(0,i.dirname)(e);await (0,n.mkdir)(s,{recursive:!0});let l=await (0,n.realpath)(s);if(void 0!==r&&await (async(e,t,r)=>{let o=(0,a.YF)(r,e);return void 0!==o&&t.toLowerCase()!==(0,i.join)(await (0,n.realpath)(r),o).toLowerCase()})(s,l,r)){let e=`'${s}' leads to '${l}' through a symbolic link`;throw new o.VE("rejected",`${e}: set 'report-directory' to a path that is not in the repository`)}let d=(0,i.join)(l,(0,i.basename)(e));await (0,n.rm)(d,{force:!0}),await (0,n.writeFile)(d,t,{flag:"wx"})})(c,l.redact(d()),t.GITHUB_WORKSPACE),c}catch(e){r.warning(`Cannot write the report file '${c}': ${(0,o.gJ)(e)}`);return}};return{sarif:await c("findings.sarif",()=>E(e)),json:await c("recommendations.json",()=>`${JSON.stringify(e.evaluatedFindings.filter(({status:e})=>"ignored"!==e.kind).map(({finding:{id:e,rule:t,severity:r,category:n,message:i,location:o},fingerprint:a})=>({filePath:o?.file,recommendationId:e??a,startLine:o?.startLine,endLine:o?.endLine,description:i,recommendationCategory:""===n?void 0:n,ruleMetadata:{ruleId:t.id,ruleName:t.name,longDescription:""===t.description?void 0:t.description,ruleTags:t.tags},severity:H[r]})),null,2)}
`),html:await c("report.html",()=>(e=>{let t,{decision:r,evaluatedFindings:n}=e,i=`Code review: ${r.verdict}`,o=0===n.length?(0,y.qy)`<p class="reason">No findings.</p>`:(e=>{var t;let r,n,{evaluatedFindings:i}=e,o=(e=>{let t=new Map;for(let r of e)t.has(r.finding.rule.id)||t.set(r.finding.rule.id,r);return{files:[...new Set(e.map(({finding:e})=>e.location?.file??""))].sort(),rules:t,ruleIds:[...t.keys()]}})(i),a=i.slice(0,500),l=new j,c=d.oC.map(t=>((e,t,{result:r,index:n,anchors:i})=>{let o=t.filter(({finding:t})=>t.severity===e);if(0===o.length)return y.c0;let a=r.evaluatedFindings.filter(({finding:t})=>t.severity===e).length,l=[...(0,s.$)(o,({finding:e})=>e.location?.file??"")].map(([e,t])=>{let o=i.take(`file=${n.files.indexOf(e)}`),a=t.map(e=>{let t=q(e),o=i.take(`rule=${n.ruleIds.indexOf(e.finding.rule.id)}`);return C(e,{codeHost:r.codeHost,isExpanded:!0,description:t,id:o})});return(0,y.qy)`<h3${o}>${""===e?"No file":e}</h3>${a}`}),c=(0,d.JE)(e);return(0,y.qy)`<section class="${e}"><h2 id="severity=${c}">${c} (${a})</h2>${l}</section>
`})(t,a,{result:e,index:o,anchors:l})),m=(0,v.t)(i.length,"finding"),p=a.length<i.length?`The ${a.length} most severe of ${m}`:m;return(0,y.qy)`${((e,{files:t,rules:r,ruleIds:n})=>{let i=R(e,({finding:e})=>e.location?.file??""),o=R(e,({finding:e})=>e.rule.id),a=t.map((e,t)=>({href:`#file=${t}`,name:""===e?"No file":e,count:i.get(e)??0})),s=n.map((e,t)=>({href:`#rule=${t}`,name:r.get(e)?.finding.rule.name??e,count:o.get(e)??0}));return(0,y.qy)`<nav class="index" aria-label="Files and rules">${F("Files",a)}${F("Rules",s)}</nav>`})(i,o)}${t=e.newCount,r=(e,t)=>(0,y.qy)`<label>${t} <select name="${e}"><option value="">All</option></select></label> `,n=void 0===t?y.c0:(0,y.qy)`<label><input type="checkbox" name="fresh"> New only</label> `,(0,y.qy)`<form id="filters" hidden role="search" aria-label="Findings"><label>Search <input type="search" name="search"></label> ${r("severity","Severity")}${r("status","Status")}${r("file","File")}${r("rule","Rule")}${n}<label>Group by <select name="group"><option value="severity">Severity</option><option value="file">File</option><option value="rule">Rule</option></select></label></form>`}<p id="results" class="meta"><span id="count" role="status">${p}</span></p>
<div id="findings">${c}</div><div id="end"></div>
<script type="application/json" id="data">${((e,{files:t,rules:r,ruleIds:n})=>{let i=new Map(t.map((e,t)=>[e,t])),o=new Map(n.map((e,t)=>[e,t])),a=e.evaluatedFindings.map((t,r)=>{let{finding:n,status:a,isNew:s}=t,{rule:l,location:c,message:m}=n,p=k(t)?(0,y.qy)`<div data-rule></div>`:y.c0,u=C(t,{codeHost:e.codeHost,isExpanded:r<2e3,description:p,id:y.c0});return I({s:d.oC.indexOf(n.severity),f:i.get(c?.file??""),r:o.get(l.id),k:L.indexOf(a.kind),n:+(!0===s),t:`${l.name} ${l.id} ${c?.file??""} ${m}`.slice(0,500).toLowerCase(),h:u.html})}),s=I({severities:d.oC.map(d.JE),statuses:L.map(e=>O[e]),files:t,rules:[...r.values()].map(e=>({name:e.finding.rule.name,about:q(e).html}))});return{html:`${s.slice(0,-1)},"rows":[${a.join(",")}]}`}})(e,o)}</script>
<script>${{html:M}}</script>`})(e);return(0,y.qy)`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${t=(0,g.createHash)("sha256").update(M).digest("base64"),`default-src 'none'; script-src 'sha256-${t}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${i}</title>
<style>${{html:S}}</style>
</head>
<body>
<main>
<div class="${r.verdict}">
<h1>Code review: <b>${r.verdict}</b></h1>
<p class="reason">${r.reason}</p>
<p class="meta">${(({repository:e,codeHost:t,sourceResults:r,endedAt:n})=>[e,t.commit?.slice(0,12),r.flatMap(({scanners:e})=>e).join(", "),`${new Date(n).toISOString().slice(0,16).replace("T"," ")} UTC`].filter(e=>e).join(" \xb7 "))(e)}</p>
${(({sourceResults:e})=>(0,y.qy)`${e.flatMap(({notices:e=[]})=>e).map(e=>(0,y.qy)`<p class="meta">${e}</p>`)}`)(e)}</div>
<ul class="tiles">${d.oC.map(e=>{let t,r;return t=n.filter(({finding:t})=>t.severity===e).length,r=(0,d.JE)(e),0===t?y.c0:(0,y.qy)`<li class="${e}"><a href="#severity=${r}"><b>${t}</b>${r}</a></li>`})}</ul>
${o}</main>
</body>
</html>
`.html})(e))}}},5550:(e,t,r)=>{r.d(t,{U:()=>d,W:()=>c});var n=r(5833),i=r(8377);let o=/!?\[((?:[^[\]\\\n]|\\.)*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)|\*\*([^*\s](?:[^*\n]*[^*\s])?)\*\*/gu,a=e=>e.replace(/\\([[\]\\])/gu,"$1"),s=e=>{let t=[],r=0;for(let n of e.matchAll(o)){let[i,o="",s="",l]=n;t.push({kind:"text",text:e.slice(r,n.index)}),void 0!==l?t.push({kind:"strong",text:l}):i.startsWith("!")?t.push({kind:"text",text:a(o)}):t.push({kind:"link",text:a(o),target:s}),r=n.index+i.length}return t.push({kind:"text",text:e.slice(r)}),t.filter(e=>""!==e.text)},l=e=>e.slice(0,2e4).split(/^[ \t]*(?:`{3,}|~{3,})[^`\n]*$/mu).flatMap((e,t)=>{let r=e.replace(/^\n+/u,"").trimEnd();return""===r?[]:[t%2==1?{kind:"code",text:r}:{kind:"paragraph",inlines:(e=>{let t=[],r=[...e.matchAll(/`+/gu)],n=0;for(let i=0;i<r.length;i+=1){let o=r[i];if(void 0===o||o.index<n)continue;let a=r.findIndex((e,t)=>t>i&&e[0].length===o[0].length),l=r[a];void 0!==l&&(t.push(...s(e.slice(n,o.index))),t.push({kind:"code",text:e.slice(o.index+o[0].length,l.index).trim()}),n=l.index+l[0].length)}return[...t,...s(e.slice(n))]})(r)}]}),d=(e,t)=>(0,i.x9)(...l(e).map(e=>"code"===e.kind?(0,i.DV)(e.text):(0,i.lS)(e.inlines.map(e=>((e,t)=>{switch(e.kind){case"code":return(0,i.aY)(e.text);case"strong":return(0,i.Cr)(e.text);case"link":{let r=t(e.target);return void 0===r?(0,i.md)`${e.text}`:(0,i.nf)(e.text,r)}case"text":return(0,i.md)`${e.text}`}})(e,t).markdown).join("")))),c=(e,t,r)=>(0,n.qy)`${l(e).map(e=>"code"===e.kind?(0,n.qy)`<pre class="${t}">${e.text}</pre>`:(0,n.qy)`<p class="${t}">${e.inlines.map(e=>((e,t)=>{switch(e.kind){case"code":return(0,n.qy)`<code>${e.text}</code>`;case"strong":return(0,n.qy)`<strong>${e.text}</strong>`;case"link":return(0,n.BK)(e.text,t(e.target));case"text":return(0,n.qy)`${e.text}`}})(e,r))}</p>`)}`},5833:(e,t,r)=>{r.d(t,{BK:()=>a,c0:()=>o,qy:()=>i});var n=r(8377);let i=(e,...t)=>({html:e.map((e,r)=>{var i;return e+("string"==typeof(i=t[r]??"")||"number"==typeof i?(0,n.ZD)(String(i)):"html"in i?i.html:i.map(({html:e})=>e).join(""))}).join("")}),o={html:""},a=(e,t)=>{let r=void 0!==t&&URL.canParse(t)?new URL(t):void 0;return void 0!==r&&["https:","http:"].includes(r.protocol)?i`<a href="${r.href}" rel="noopener noreferrer nofollow">${e}</a>`:i`${e}`}},6091:(e,t,r)=>{r.d(t,{o:()=>n,y:()=>i});let n="awsDelivery/writtenBy",i="awsDelivery/placeholderLocation"}};