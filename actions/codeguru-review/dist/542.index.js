export const id=542;export const ids=[542];export const modules={7161:(e,t,r)=>{r.d(t,{v:()=>D,writeReportFiles:()=>U});var n=r(4438);class i{items;constructor(e){this.items=e}}function*o(e,t,r=0){let a=`
${" ".repeat(t*r)}`,s=`
${" ".repeat(t*(r+1))}`;if(e instanceof i){let n="[";for(let i of e.items)yield`${n}${s}`,yield*o(i,t,r+1),n=",";yield"["===n?"[]":`${a}]`}else if((0,n.u)(e)&&Object.values(e).some(e=>e instanceof i)){let n="{";for(let[i,a]of Object.entries(e))void 0!==a&&(yield`${n}${s}${JSON.stringify(i)}: `,yield*o(a,t,r+1),n=",");yield`${a}}`}else yield((e,t,r)=>{let n=e;for(let e=0;e<r;e+=1)n=[n];let i=JSON.stringify(n,null,t);return i.slice(2*r+t*r*(r+1)/2,i.length-(2*r+t*r*(r-1)/2))})(e,t,r)}var a=r(3119),s=r(3737),l=r(2377),d=r(8314),c=r(4431),m=r(2632),p=r(6091);let u=e=>e?.text!==void 0&&""!==e.text.trim(),f={critical:"error",high:"error",medium:"warning",low:"note",info:"note",none:"error"},h={critical:"9.5",high:"8.0",medium:"5.5",low:"2.0"},g=({finding:e,fingerprint:t,isNew:r,status:n},i,{placeholder:o})=>{let a=void 0===e.location&&void 0===e.artifact&&void 0!==o,s=e.origin?.readResult(),{tags:c,...u}=s?.properties??{},h="ignored"===n.kind?n.reason:void 0;return{...(0,m.BK)(e.origin,s),ruleId:e.rule.id,ruleIndex:i,level:f[e.severity],message:(0,m.FD)(e.origin,s,e.message),locations:((e,t,r)=>{let{location:n,artifact:i}=e;if(void 0===n){let e;if(void 0!==i)return[{physicalLocation:{artifactLocation:{uri:(0,l.O0)(i)},region:{startLine:1}},logicalLocations:[{fullyQualifiedName:i,kind:"module"}]}];return void 0===r?[]:[(e=r,{physicalLocation:{artifactLocation:{uri:(0,l.O0)(e),uriBaseId:"%SRCROOT%"},region:{startLine:1}}})]}let{file:o,...a}=n,s={artifactLocation:{uri:(0,l.O0)(o),uriBaseId:"%SRCROOT%"},region:{startLine:1,...a}};return[{...(({origin:e},t)=>{if(Object.keys(t?.locations?.[0]??{}).every(e=>"physicalLocation"===e))return{};let{locations:r}=(0,m.BK)(e,t,["locations"]),{physicalLocation:n,...i}=r?.[0]??{};return i})(e,t),physicalLocation:s}]})(e,s,o),partialFingerprints:{...e.fingerprints,[d.N]:t},...void 0===r?{}:{baselineState:r?"new":"unchanged"},suppressions:void 0===h?[]:[{kind:"external",status:"accepted",justification:h}],properties:{...u,severity:e.severity,...""===e.category?{}:{category:e.category},...void 0===e.id?{}:{recommendationId:e.id},...a?{[p.y]:!0}:{}}}};var y=r(4259),w=r(7598),v=r(5833),b=r(3189),$=r(924),x=r(9805),k=r(9660),q=r(5550);let C=(e,t="")=>""===e?v.c0:(0,v.qy)`<span class="badge ${t}">${e}</span>`,M=({finding:{rule:e,message:t}})=>""!==e.description&&e.description!==t,S=e=>M(e)?(0,q.W)(e.finding.rule.description,"about",e=>e):v.c0,L=(e,t)=>{let{finding:r,code:n,status:i,isNew:o}=e,{codeHost:a,isExpanded:s,description:l,id:d}=t,{rule:c,location:p,message:u,markup:f=u}=r,h=void 0===p?"":(0,k.j$)(p),g=n?.excerpt!==void 0&&s?(({first:e,lines:t,from:r,to:n})=>{let i=t.map((t,i)=>{let o=e+i;return(0,v.qy)`<li class="${o>=r&&o<=n?"hit":"near"}"><span>${o}</span>${t}</li>`});return(0,v.qy)`<ol class="code" tabindex="0">${i}</ol>`})(n.excerpt):v.c0,y={html:"fails"===i.kind&&s?" open":""},w="fails"===i.kind?"":"quiet",b=(0,k.$W)(p,a),$=void 0===b?v.c0:(0,v.qy)`<p class="place">${(0,v.BK)(h,b)}</p>`,M=(0,v.qy)`${(0,q.W)(f,"message",(0,k.R$)(r,a))}${$}${g}${(({finding:e},t)=>{let r=(e=>{if(e?.hasCodeFlows!==!0)return[];let{codeFlows:t=[]}=(0,m.BK)(e,e.readResult(),["codeFlows"]);return t.map(({threadFlows:e=[]})=>e.flatMap(({locations:e=[]})=>e.map(({location:e})=>({location:(0,m.Ox)(e),message:e?.message?.text??"",snippet:e?.physicalLocation?.region?.snippet?.text??""})))).filter(e=>e.length>0)})(e.origin).slice(0,5);return(0,v.qy)`${r.map(e=>(0,v.qy)`<details class="flow"><summary>Code flow (${e.length} steps)</summary><p class="stepper" hidden><button type="button" data-step="-1">Previous step</button> <button type="button" data-step="1">Next step</button></p><ol>${e.slice(0,200).map((e,r)=>(({location:e,message:t,snippet:r},n,i)=>{let o=void 0===e?v.c0:(0,v.BK)((0,k.j$)(e),(0,k.$W)(e,i)),a=""===r?v.c0:(0,v.qy)` <code>${(0,x.OX)(r,200)}</code>`;return(0,v.qy)`<li${{html:0===n?' aria-current="step"':""}}>${o} ${t}${a}</li>`})(e,r,t))}</ol></details>`)}`})(e,a)}${l}${(({finding:{rule:e,category:t,source:r,id:n},fingerprint:i})=>{let o=[r,t,e.id,...e.tags].filter(e=>""!==e),a=(0,k.lc)(e),s=void 0===a?v.c0:(0,v.qy)` · ${(0,v.BK)("About this rule",a)}`;return(0,v.qy)`<p class="more">${o.join(" \xb7 ")}${s} · ${n??i}</p>`})(e)}`;return(0,v.qy)`<details${d}${y}><summary><b>${c.name}</b><span class="where">${h}</span>${C(!0===o?"new":"")}${C((({status:e})=>{switch(e.kind){case"fails":return"fails";case"known":return"known";case"ignored":return`ignored: ${e.reason}`;case"below":return""}})(e),w)}</summary><div class="body">${M}</div></details>
`},O=`
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
`,I=`
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
`,j=["fails","below","known","ignored"],R={fails:"failing",below:"below the threshold",known:"known",ignored:"ignored"},N=e=>JSON.stringify(e).replace(/</gu,"\\u003c");class F{used=new Set;take(e){return this.used.has(e)?v.c0:(this.used.add(e),(0,v.qy)` id="${e}"`)}}let E=(e,t)=>{let r=new Map;for(let n of e)r.set(t(n),(r.get(t(n))??0)+1);return r},H=(e,t)=>{let r=[...t].sort((e,t)=>t.count-e.count).slice(0,200),n=t.length-r.length,i=0===n?v.c0:(0,v.qy)`<li>(${n} more)</li>`,o=r.map(({href:e,name:t,count:r})=>(0,v.qy)`<li><a href="${e}">${t}</a> (${r})</li>`);return(0,v.qy)`<details><summary>${e} (${t.length})</summary><ul>${o}${i}</ul></details>`},D=(e,t=e.evaluatedFindings)=>{var r;let n,{sourceResults:a,codeHost:l}=e,d=a.flatMap(({scanners:e})=>e);return r={category:t=>(({request:e,codeHost:t},r)=>{let{category:n,reportName:i}=e,o=void 0===i.slug?"":`/${i.slug}`;return n??`${y.p}/${t.prefix}${r}${o}`})(e,t),commit:l.commit,writtenBy:y.p,placeholder:l.workflowFile??(l.prefix.replace(/\/$/u,"")||".")},n=(0,s.$)(t,({finding:e})=>e.source),o({version:"2.1.0",$schema:"https://json.schemastore.org/sarif-2.1.0.json",runs:new i([...new Set([...d,...n.keys()])].map(e=>((e,t,r)=>{let{category:n,commit:o}=r,a=[...(0,s.$)(t,({finding:e})=>e.rule.id)],l=new Map(a.map(([e],t)=>[e,t])),d=[...new Set(t.flatMap(({finding:e})=>e.origin?.run??[]))],{extensions:p,run:y}=(0,m.Xz)(d);return{...y,tool:{driver:{...(0,m.u9)(d[0]),name:e,rules:a.flatMap(([,e])=>(e=>{let t,r,n,[i]=e;if(void 0===i)return[];let{rule:o,origin:a}=i,s=(0,m.gI)(a),l=a?.rule?.properties??{},d=e.map(({severity:e})=>e).sort(c.Rj)[0]??"none",p=e.some(({category:e,rule:t})=>"SecurityIssues"===e||t.tags.includes("security"))||void 0!==l["security-severity"],g=p?(r="number"==typeof(t=l["security-severity"])||"string"==typeof t?Number(t):0/0)>0&&r<=10?String(t):h[d]:void 0,{"security-severity":y,tags:w,...v}=l,b={text:o.description||o.name||o.id};return[{...s,id:o.id,...o.name===o.id?{}:{name:o.name},shortDescription:u(s.shortDescription)?s.shortDescription:{text:o.name||o.id},fullDescription:u(s.fullDescription)?s.fullDescription:b,help:u(s.help)?s.help:b,...void 0!==(n=o.help)&&URL.canParse(n)&&/^https?:/iu.test(n)?{helpUri:new URL(o.help).href}:{},defaultConfiguration:{level:f[d]},properties:{...v,tags:[...new Set([...p?["security"]:[],...o.tags])].slice(0,20),...void 0===g?{}:{"security-severity":g}}}]})(e.map(({finding:e})=>e)))},...0===p.length?{}:{extensions:p}},automationDetails:{id:`${n(e)}/`},columnKind:"utf16CodeUnits",...void 0===o?{}:{properties:{commit:o}},results:new i(function*(e,t,r){for(let n of e)yield g(n,t.get(n.finding.rule.id)??-1,r)}(t,l,r))}})(e,n.get(e)??[],r))),properties:{[p.o]:r.writtenBy}},1)},B={critical:"Critical",high:"High",medium:"Medium",low:"Low",info:"Info",none:"High"},z=({finding:e,fingerprint:t})=>{let{id:r,rule:n,severity:i,category:o,message:a,location:s}=e;return{filePath:s?.file,recommendationId:r??t,startLine:s?.startLine,endLine:s?.endLine,description:a,recommendationCategory:""===o?void 0:o,ruleMetadata:{ruleId:n.id,ruleName:n.name,longDescription:""===n.description?void 0:n.description,ruleTags:n.tags},severity:B[i]}},U=async(e,t)=>{let r=new a.a(e.request.reportDirectory,t);return{sarif:await r.write("findings.sarif",()=>D(e)),json:await r.write("recommendations.json",()=>(function*({evaluatedFindings:e}){yield*o(new i(function*(e){for(let t of e)"ignored"!==t.status.kind&&(yield z(t))}(e)),2),yield"\n"})(e)),html:await r.write("report.html",()=>(function*(e){let{decision:t,evaluatedFindings:r}=e;yield(0,v.qy)`<!doctype html>
<html lang="en">
${(({verdict:e})=>{let t;return(0,v.qy)`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${t=(0,w.createHash)("sha256").update(O).digest("base64"),`default-src 'none'; script-src 'sha256-${t}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Code review: ${e}</title>
<style>${{html:I}}</style>
</head>`})(t)}
<body>
<main>
<div class="${t.verdict}">
<h1>Code review: <b>${t.verdict}</b></h1>
<p class="reason">${t.reason}</p>
<p class="meta">${(({repository:e,codeHost:t,sourceResults:r,endedAt:n})=>[e,t.commit?.slice(0,12),r.flatMap(({scanners:e})=>e).join(", "),`${new Date(n).toISOString().slice(0,16).replace("T"," ")} UTC`].filter(e=>e).join(" \xb7 "))(e)}</p>
${(({sourceResults:e})=>(0,v.qy)`${e.flatMap(({notices:e=[]})=>e).map(e=>(0,v.qy)`<p class="meta">${e}</p>`)}`)(e)}</div>
<ul class="tiles">${c.oC.map(e=>{let t,n;return t=r.filter(({finding:t})=>t.severity===e).length,n=(0,c.JE)(e),0===t?v.c0:(0,v.qy)`<li class="${e}"><a href="#severity=${n}"><b>${t}</b>${n}</a></li>`})}</ul>
`.html,0===r.length?yield'<p class="reason">No findings.</p>':yield*function*(e){var t;let r,n,{evaluatedFindings:i}=e,o=(e=>{let t=new Map;for(let r of e)t.has(r.finding.rule.id)||t.set(r.finding.rule.id,r);return{files:[...new Set(e.map(({finding:e})=>e.location?.file??""))].sort(),rules:t,ruleIds:[...t.keys()]}})(i),a=i.slice(0,500),l=new F,d=c.oC.map(t=>((e,t,{result:r,index:n,anchors:i})=>{let o=t.filter(({finding:t})=>t.severity===e);if(0===o.length)return v.c0;let a=r.evaluatedFindings.filter(({finding:t})=>t.severity===e).length,l=[...(0,s.$)(o,({finding:e})=>e.location?.file??"")].map(([e,t])=>{let o=i.take(`file=${n.files.indexOf(e)}`),a=t.map(e=>{let t=S(e),o=i.take(`rule=${n.ruleIds.indexOf(e.finding.rule.id)}`);return L(e,{codeHost:r.codeHost,isExpanded:!0,description:t,id:o})});return(0,v.qy)`<h3${o}>${""===e?"No file":e}</h3>${a}`}),d=(0,c.JE)(e);return(0,v.qy)`<section class="${e}"><h2 id="severity=${d}">${d} (${a})</h2>${l}</section>
`})(t,a,{result:e,index:o,anchors:l})),m=(0,b.t)(i.length,"finding"),p=a.length<i.length?`The ${a.length} most severe of ${m}`:m;yield(0,v.qy)`${((e,{files:t,rules:r,ruleIds:n})=>{let i=E(e,({finding:e})=>e.location?.file??""),o=E(e,({finding:e})=>e.rule.id),a=t.map((e,t)=>({href:`#file=${t}`,name:""===e?"No file":e,count:i.get(e)??0})),s=n.map((e,t)=>({href:`#rule=${t}`,name:r.get(e)?.finding.rule.name??e,count:o.get(e)??0}));return(0,v.qy)`<nav class="index" aria-label="Files and rules">${H("Files",a)}${H("Rules",s)}</nav>`})(i,o)}${(t=e.newCount,r=(e,t)=>(0,v.qy)`<label>${t} <select name="${e}"><option value="">All</option></select></label> `,n=void 0===t?v.c0:(0,v.qy)`<label><input type="checkbox" name="fresh"> New only</label> `,(0,v.qy)`<form id="filters" hidden role="search" aria-label="Findings"><label>Search <input type="search" name="search"></label> ${r("severity","Severity")}${r("status","Status")}${r("file","File")}${r("rule","Rule")}${n}<label>Group by <select name="group"><option value="severity">Severity</option><option value="file">File</option><option value="rule">Rule</option></select></label></form>`)}<p id="results" class="meta"><span id="count" role="status">${p}</span></p>
<div id="findings">${d}</div><div id="end"></div>
<script type="application/json" id="data">`.html,yield*function*(e,{files:t,rules:r,ruleIds:n}){let i=new Map(t.map((e,t)=>[e,t])),o=new Map(n.map((e,t)=>[e,t])),a=N({severities:c.oC.map(c.JE),statuses:j.map(e=>R[e]),files:t,rules:[...r.values()].map(e=>({name:e.finding.rule.name,about:S(e).html}))});for(let[t,r]of(yield`${a.slice(0,-1)},"rows":[`,e.evaluatedFindings.entries())){let{finding:n,status:a,isNew:s}=r,{rule:l,location:d,message:m}=n,p=M(r)?(0,v.qy)`<div data-rule></div>`:v.c0,u=t<$.e,f=L(r,{codeHost:e.codeHost,isExpanded:u,description:p,id:v.c0}),h=N({s:c.oC.indexOf(n.severity),f:i.get(d?.file??""),r:o.get(l.id),k:j.indexOf(a.kind),n:+(!0===s),t:`${l.name} ${l.id} ${d?.file??""} ${m}`.slice(0,500).toLowerCase(),h:f.html});yield 0===t?h:`,${h}`}yield"]}"}(e,o),yield(0,v.qy)`</script>
<script>${{html:O}}</script>`.html}(e),yield`</main>
</body>
</html>
`})(e))}}},5550:(e,t,r)=>{r.d(t,{U:()=>d,W:()=>c});var n=r(5833),i=r(8377);let o=/!?\[((?:[^[\]\\\n]|\\.)*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)|\*\*([^*\s](?:[^*\n]*[^*\s])?)\*\*/gu,a=e=>e.replace(/\\([[\]\\])/gu,"$1"),s=e=>{let t=[],r=0;for(let n of e.matchAll(o)){let[i,o="",s="",l]=n;t.push({kind:"text",text:e.slice(r,n.index)}),void 0!==l?t.push({kind:"strong",text:l}):i.startsWith("!")?t.push({kind:"text",text:a(o)}):t.push({kind:"link",text:a(o),target:s}),r=n.index+i.length}return t.push({kind:"text",text:e.slice(r)}),t.filter(e=>""!==e.text)},l=e=>e.slice(0,2e4).split(/^[ \t]*(?:`{3,}|~{3,})[^`\n]*$/mu).flatMap((e,t)=>{let r=e.replace(/^\n+/u,"").trimEnd();return""===r?[]:[t%2==1?{kind:"code",text:r}:{kind:"paragraph",inlines:(e=>{if(!/[`[*]/u.test(e))return[{kind:"text",text:e}];let t=[],r=[...e.matchAll(/`+/gu)],n=0;for(let i=0;i<r.length;i+=1){let o=r[i];if(void 0===o||o.index<n)continue;let a=r.findIndex((e,t)=>t>i&&e[0].length===o[0].length),l=r[a];void 0!==l&&(t.push(...s(e.slice(n,o.index))),t.push({kind:"code",text:e.slice(o.index+o[0].length,l.index).trim()}),n=l.index+l[0].length)}return[...t,...s(e.slice(n))]})(r)}]}),d=(e,t)=>(0,i.x9)(...l(e).map(e=>"code"===e.kind?(0,i.DV)(e.text):(0,i.lS)(e.inlines.map(e=>((e,t)=>{switch(e.kind){case"code":return(0,i.aY)(e.text);case"strong":return(0,i.Cr)(e.text);case"link":{let r=t(e.target);return void 0===r?(0,i.md)`${e.text}`:(0,i.nf)(e.text,r)}case"text":return(0,i.md)`${e.text}`}})(e,t).markdown).join("")))),c=(e,t,r)=>(0,n.qy)`${l(e).map(e=>"code"===e.kind?(0,n.qy)`<pre class="${t}">${e.text}</pre>`:(0,n.qy)`<p class="${t}">${e.inlines.map(e=>((e,t)=>{switch(e.kind){case"code":return(0,n.qy)`<code>${e.text}</code>`;case"strong":return(0,n.qy)`<strong>${e.text}</strong>`;case"link":return(0,n.BK)(e.text,t(e.target));case"text":return(0,n.qy)`${e.text}`}})(e,r))}</p>`)}`},5833:(e,t,r)=>{r.d(t,{BK:()=>s,c0:()=>a,qy:()=>o});var n=r(8377);let i=e=>"string"==typeof e||"number"==typeof e?(0,n.ZD)(String(e)):"html"in e?e.html:e.map(({html:e})=>e).join(""),o=(e,...t)=>{let r="";for(let[n,o]of e.entries())r+=o+i(t[n]??"");return{html:r}},a={html:""},s=(e,t)=>{let r=void 0!==t&&URL.canParse(t)?new URL(t):void 0;return void 0!==r&&["https:","http:"].includes(r.protocol)?o`<a href="${r.href}" rel="noopener noreferrer nofollow">${e}</a>`:o`${e}`}},3119:(e,t,r)=>{r.d(t,{a:()=>l,u:()=>s});var n=r(1455),i=r(6760),o=r(8098),a=r(2377);function*s(e){let t=[],r=0;for(let n of e)t.push(n),(r+=n.length)<32768||(yield t.join(""),t=[],r=0);yield t.join("")}class l{directory;host;constructor(e,t){this.directory=e,this.host=t}async write(e,t){let{env:r,log:l,redactor:d}=this.host,c=(0,i.join)(this.directory,e);try{let e=await (0,n.open)(await (async(e,t)=>{let r=(0,i.dirname)(e);await (0,n.mkdir)(r,{recursive:!0});let s=await (0,n.realpath)(r);if(void 0!==t&&await (async(e,t,r)=>{let o=(0,a.YF)(r,e);return void 0!==o&&t.toLowerCase()!==(0,i.join)(await (0,n.realpath)(r),o).toLowerCase()})(r,s,t)){let e=`'${r}' leads to '${s}' through a symbolic link`;throw new o.VE("rejected",`${e}: set 'report-directory' to a path that is not in the repository`)}let l=(0,i.join)(s,(0,i.basename)(e));return await (0,n.rm)(l,{force:!0}),l})(c,r.GITHUB_WORKSPACE),"wx");try{for(let r of s(t()))await e.writeFile(d.redact(r))}finally{await e.close()}return c}catch(e){l.warning(`Cannot write the report file '${c}': ${(0,o.gJ)(e)}`);return}}}},6091:(e,t,r)=>{r.d(t,{o:()=>n,y:()=>i});let n="awsDelivery/writtenBy",i="awsDelivery/placeholderLocation"}};