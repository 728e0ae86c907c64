export const id=996;export const ids=[996];export const modules={5996:(e,r,i)=>{i.d(r,{$:()=>b,writeFiles:()=>y});var t=i(6760),o=i(8341),n=i(8314),a=i(4431);let s={critical:"error",high:"error",medium:"warning",low:"note",info:"note",none:"error"},l={critical:"9.5",high:"8.0",medium:"5.5",low:"2.0"},d=e=>e.split("/").map(encodeURIComponent).join("/"),m=(e,r)=>{let i=new Map;for(let t of e){let e=i.get(r(t));void 0===e?i.set(r(t),[t]):e.push(t)}return i};var c=i(5326);let p=(e,...r)=>({html:e.map((e,i)=>{var t;return e+("string"==typeof(t=r[i]??"")||"number"==typeof t?(0,c.ZD)(String(t)):"html"in t?t.html:t.map(({html:e})=>e).join(""))}).join("")}),f={html:""},u=(e,r)=>{let i=void 0!==r&&URL.canParse(r)?new URL(r):void 0;return void 0!==i&&["https:","http:"].includes(i.protocol)?p`<a href="${i.href}" rel="noopener noreferrer nofollow">${e}</a>`:p`${e}`};var g=i(9821);let h=`
:root { color-scheme: light dark;
  --ground: #f6f7f9; --card: #fff; --text: #1c2430; --soft: #5a6675; --line: #dde2e8; --mark: #fff4d6; --link: #0b5cad;
  --critical: #8e1245; --high: #b3261e; --medium: #8a5300; --low: #1f5f8b; --info: #56616e; --none: #56616e;
  --passed: #1a7f4b; --blocked: #b3261e; --unknown: #8a5300; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #12161c; --card: #1b2129; --text: #e4e8ee; --soft: #9aa6b5; --line: #303944; --mark: #3d3318; --link: #7db7f2;
  --critical: #ff8fb8; --high: #ff8a80; --medium: #f2b45c; --low: #7fc1ec; --info: #a7b3c1; --none: #a7b3c1;
  --passed: #63d297; --blocked: #ff8a80; --unknown: #f2b45c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
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
.body { padding: 0 1rem 1rem; }
.message { margin: 0 0 .75rem; white-space: pre-line; overflow-wrap: anywhere; }
.about { color: var(--soft); margin: .75rem 0 0; white-space: pre-line; overflow-wrap: anywhere; }
.more { color: var(--soft); font-size: .9rem; margin: .75rem 0 0; overflow-wrap: anywhere; }
.code { overflow-x: auto; margin: 0; padding: .5rem 0; border: 1px solid var(--line); border-radius: 6px;
  font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; list-style: none; }
.code li { display: flex; white-space: pre; min-width: max-content; padding-right: 1rem; }
.code li.hit { background: var(--mark); }
.code span { width: 4rem; flex: none; padding-right: 1rem; text-align: right; color: var(--soft); user-select: none; }
.critical { --tone: var(--critical); } .high { --tone: var(--high); } .medium { --tone: var(--medium); }
.low { --tone: var(--low); } .info, .none { --tone: var(--info); }
.passed { --tone: var(--passed); } .blocked { --tone: var(--blocked); } .unknown { --tone: var(--unknown); }
@media print { details { break-inside: avoid; } body { background: none; } }
`,v=(e,r="")=>""===e?f:p`<span class="badge ${r}">${e}</span>`,w={critical:"Critical",high:"High",medium:"Medium",low:"Low",info:"Info",none:"High"},b=({judged:e,looks:r,code:i})=>{var t;let o,c=e.map(({finding:e,fingerprint:r,isNew:i,standing:t})=>({finding:e,fingerprint:r,state:void 0===i?void 0:i?"new":"unchanged",ignored:"ignored"===t.kind?t.reason:void 0})),p=r.flatMap(({scanners:e})=>e);return JSON.stringify((t={category:"codeguru-review",commit:i.commit},o=m(c,({finding:e})=>e.source),{version:"2.1.0",$schema:"https://json.schemastore.org/sarif-2.1.0.json",runs:[...new Set([...p,...o.keys()])].map(e=>((e,r,{category:i,commit:t})=>{let o=[...m(r,({finding:e})=>e.rule.id)],c=new Map(o.map(([e],r)=>[e,r]));return{tool:{driver:{name:e,rules:o.flatMap(([,e])=>{let r=e.map(({finding:e})=>e);return r.slice(0,1).map(({rule:e})=>{var i,t;let o,n,d,m;return i=e,n=(t=r).some(({category:e,rule:r})=>"SecurityIssues"===e||r.tags.includes("security")),d=t.map(({severity:e})=>e).sort(a.Rj)[0]??"none",m=n?l[d]:void 0,{id:i.id,...i.name===i.id?{}:{name:i.name},shortDescription:{text:i.name||i.id},fullDescription:{text:i.description||i.name||i.id},help:{text:i.description||i.name||i.id},...void 0!==(o=i.help)&&URL.canParse(o)&&/^https?:/iu.test(o)?{helpUri:new URL(i.help).href}:{},defaultConfiguration:{level:s[d]},properties:{tags:[...new Set([...i.tags,...n?["security"]:[]])],...void 0===m?{}:{"security-severity":m}}}})})}},automationDetails:{id:`${i}/${e}/`},columnKind:"utf16CodeUnits",...void 0===t?{}:{properties:{commit:t}},results:r.map(e=>(({finding:e,fingerprint:r,state:i,ignored:t},o)=>({ruleId:e.rule.id,ruleIndex:o,level:s[e.severity],message:{text:e.message},locations:(({location:e,artifact:r})=>{if(void 0===e)return void 0===r?[]:[{physicalLocation:{artifactLocation:{uri:d(r)},region:{startLine:1}},logicalLocations:[{fullyQualifiedName:r,kind:"module"}]}];let{file:i,...t}=e;return[{physicalLocation:{artifactLocation:{uri:d(i),uriBaseId:"%SRCROOT%"},...void 0===t.startLine?{}:{region:t}}}]})(e),partialFingerprints:{...e.fingerprints,[n.l]:r},...void 0===i?{}:{baselineState:i},suppressions:void 0===t?[]:[{kind:"external",status:"accepted",justification:t}],properties:{severity:e.severity,...""===e.category?{}:{category:e.category},...void 0===e.id?{}:{recommendationId:e.id}}}))(e,c.get(e.finding.rule.id)??-1))}})(e,o.get(e)??[],t))}),null,1)},y=async(e,{writeFile:r,log:i,redact:n})=>{let s=async(a,s)=>{let l=(0,t.join)(e.request.reportDirectory,a);try{return await r(l,n(s())),l}catch(e){i.warning(`the report file '${l}' could not be written: ${(0,o.b)(e)}`);return}};return{sarif:await s("findings.sarif",()=>b(e)),json:await s("recommendations.json",()=>`${JSON.stringify(e.judged.filter(({standing:e})=>"ignored"!==e.kind).map(({finding:{id:e,rule:r,severity:i,category:t,message:o,location:n},fingerprint:a})=>({filePath:n?.file,recommendationId:e??a,startLine:n?.startLine,endLine:n?.endLine,description:o,recommendationCategory:""===t?void 0:t,ruleMetadata:{ruleId:r.id,ruleName:r.name,longDescription:""===r.description?void 0:r.description,ruleTags:r.tags},severity:w[i]})),null,2)}
`),html:await s("report.html",()=>(e=>{let{decision:r,judged:i}=e,t=new Set(i.slice(0,1e3)),o=`Code review: ${r.gate}`,n=0===i.length?p`<p class="reason">No findings.</p>`:f;return p`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${o}</title>
<style>${{html:h}}</style>
</head>
<body>
<main>
<header class="${r.gate}">
<h1>Code review: <b>${r.gate}</b></h1>
<p class="reason">${r.reason}</p>
<p class="meta">${(({repository:e,code:r,looks:i,endedAt:t})=>[e,r.commit?.slice(0,12),i.flatMap(({scanners:e})=>e).join(", "),`${new Date(t).toISOString().slice(0,16).replace("T"," ")} UTC`].filter(e=>e).join(" \xb7 "))(e)}</p>
</header>
<ul class="tiles">${a.oC.map(e=>{let r;return 0===(r=i.filter(({finding:r})=>r.severity===e).length)?f:p`<li class="${e}"><b>${r}</b>${(0,a.pA)(e)}</li>`})}</ul>
${n}${a.oC.map(r=>((e,r,i)=>{let t=r.judged.filter(({finding:r})=>r.severity===e);if(0===t.length)return f;let o=[...(e=>{let r=new Map;for(let i of e){let e=i.finding.location?.file??"",t=r.get(e);void 0===t?r.set(e,[i]):t.push(i)}return r})(t)].map(([e,t])=>p`<h3>${""===e?"no file":e}</h3>${t.map(e=>((e,r,i)=>{let{finding:t,code:o,standing:n,isNew:a}=e,{rule:s,location:l,message:d}=t,m=l?.startLine===void 0?"":(0,g.Z9)(l).slice(l.file.length+1),c=void 0!==o&&i?(({excerpt:e})=>{let{first:r,lines:i,from:t,to:o}=e,n=i.map((e,i)=>{let n=r+i;return p`<li class="${n>=t&&n<=o?"hit":"near"}"><span>${n}</span>${e}</li>`});return p`<ol class="code">${n}</ol>`})(o):f,h={html:"fails"===n.kind&&i?" open":""},w="fails"===n.kind?"":"quiet",b=""===m?f:p`<span class="where">${u(`line ${m}`,(0,g.ci)(t,r))}</span>`;return p`<details${h}><summary><b>${s.name}</b>${b}${v(!0===a?"new":"")}${v((({standing:e})=>{switch(e.kind){case"fails":return"fails";case"known":return"known before";case"ignored":return`excepted: ${e.reason}`;case"below":return""}})(e),w)}</summary><div class="body"><p class="message">${d}</p>${c}${(({finding:{rule:e,message:r}})=>""===e.description||e.description===r?f:p`<p class="about">${e.description}</p>`)(e)}${(({finding:{rule:e,category:r,source:i,id:t},fingerprint:o})=>{let n=[i,r,e.id,...e.tags].filter(e=>""!==e),a=(0,g.ZL)(e),s=void 0===a?f:p` · ${u("about this rule",a)}`;return p`<p class="more">${n.join(" \xb7 ")}${s} · ${t??o}</p>`})(e)}</div></details>
`})(e,r,i.has(e)))}`);return p`<section class="${e}"><h2>${(0,a.pA)(e)} (${t.length})</h2>${o}</section>
`})(r,e,t))}</main>
</body>
</html>
`.html})(e))}}}};