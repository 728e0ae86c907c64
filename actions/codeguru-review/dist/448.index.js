export const id=448;export const ids=[448];export const modules={1448:(e,r,i)=>{i.d(r,{W:()=>b,writeReportFiles:()=>$});var t=i(1455),a=i(6760),o=i(8098),n=i(2377),s=i(3737),l=i(8314),d=i(4431);let c={critical:"error",high:"error",medium:"warning",low:"note",info:"note",none:"error"},m={critical:"9.5",high:"8.0",medium:"5.5",low:"2.0"};var p=i(8377);let f=(e,...r)=>({html:e.map((e,i)=>{var t;return e+("string"==typeof(t=r[i]??"")||"number"==typeof t?(0,p.ZD)(String(t)):"html"in t?t.html:t.map(({html:e})=>e).join(""))}).join("")}),u={html:""},h=(e,r)=>{let i=void 0!==r&&URL.canParse(r)?new URL(r):void 0;return void 0!==i&&["https:","http:"].includes(i.protocol)?f`<a href="${i.href}" rel="noopener noreferrer nofollow">${e}</a>`:f`${e}`};var g=i(9660);let v=`
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
.body { padding: 0 1rem 1rem; }
.message { margin: 0 0 .75rem; white-space: pre-line; overflow-wrap: anywhere; }
.about { color: var(--soft); margin: .75rem 0 0; white-space: pre-line; overflow-wrap: anywhere; }
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
`,w=(e,r="")=>""===e?u:f`<span class="badge ${r}">${e}</span>`,b=({evaluatedFindings:e,sourceResults:r,codeHost:i})=>{var t;let a,o=e.map(({finding:e,fingerprint:r,isNew:i,status:t})=>({finding:e,fingerprint:r,state:void 0===i?void 0:i?"new":"unchanged",ignored:"ignored"===t.kind?t.reason:void 0})),p=r.flatMap(({scanners:e})=>e);return JSON.stringify((t={category:"codeguru-review",commit:i.commit},a=(0,s.$)(o,({finding:e})=>e.source),{version:"2.1.0",$schema:"https://json.schemastore.org/sarif-2.1.0.json",runs:[...new Set([...p,...a.keys()])].map(e=>((e,r,{category:i,commit:t})=>{let a=[...(0,s.$)(r,({finding:e})=>e.rule.id)],o=new Map(a.map(([e],r)=>[e,r]));return{tool:{driver:{name:e,rules:a.flatMap(([,e])=>{let r=e.map(({finding:e})=>e);return r.slice(0,1).map(({rule:e})=>{var i,t;let a,o,n,s;return i=e,o=(t=r).some(({category:e,rule:r})=>"SecurityIssues"===e||r.tags.includes("security")),n=t.map(({severity:e})=>e).sort(d.Rj)[0]??"none",s=o?m[n]:void 0,{id:i.id,...i.name===i.id?{}:{name:i.name},shortDescription:{text:i.name||i.id},fullDescription:{text:i.description||i.name||i.id},help:{text:i.description||i.name||i.id},...void 0!==(a=i.help)&&URL.canParse(a)&&/^https?:/iu.test(a)?{helpUri:new URL(i.help).href}:{},defaultConfiguration:{level:c[n]},properties:{tags:[...new Set([...i.tags,...o?["security"]:[]])],...void 0===s?{}:{"security-severity":s}}}})})}},automationDetails:{id:`${i}/${e}/`},columnKind:"utf16CodeUnits",...void 0===t?{}:{properties:{commit:t}},results:r.map(e=>(({finding:e,fingerprint:r,state:i,ignored:t},a)=>({ruleId:e.rule.id,ruleIndex:a,level:c[e.severity],message:{text:e.message},locations:(({location:e,artifact:r})=>{if(void 0===e)return void 0===r?[]:[{physicalLocation:{artifactLocation:{uri:(0,n.O0)(r)},region:{startLine:1}},logicalLocations:[{fullyQualifiedName:r,kind:"module"}]}];let{file:i,...t}=e;return[{physicalLocation:{artifactLocation:{uri:(0,n.O0)(i),uriBaseId:"%SRCROOT%"},...void 0===t.startLine?{}:{region:t}}}]})(e),partialFingerprints:{...e.fingerprints,[l.N]:r},...void 0===i?{}:{baselineState:i},suppressions:void 0===t?[]:[{kind:"external",status:"accepted",justification:t}],properties:{severity:e.severity,...""===e.category?{}:{category:e.category},...void 0===e.id?{}:{recommendationId:e.id}}}))(e,o.get(e.finding.rule.id)??-1))}})(e,a.get(e)??[],t))}),null,1)},y={critical:"Critical",high:"High",medium:"Medium",low:"Low",info:"Info",none:"High"},$=async(e,{env:r,log:i,redactor:l})=>{let c=async(s,d)=>{let c=(0,a.join)(e.request.reportDirectory,s);try{return await (async(e,r,i)=>{let s=(0,a.dirname)(e);await (0,t.mkdir)(s,{recursive:!0});let l=await (0,t.realpath)(s);if(void 0!==i&&await (async(e,r,i)=>{let o=(0,n.YF)(i,e);return void 0!==o&&r.toLowerCase()!==(0,a.join)(await (0,t.realpath)(i),o).toLowerCase()})(s,l,i)){let e=`'${s}' leads to '${l}' by a link`;throw new o.VE("rejected",`${e}: name a 'report-directory' that the repository does not have`)}let d=(0,a.join)(l,(0,a.basename)(e));await (0,t.rm)(d,{force:!0}),await (0,t.writeFile)(d,r,{flag:"wx"})})(c,l.redact(d()),r.GITHUB_WORKSPACE),c}catch(e){i.warning(`the report file '${c}' could not be written: ${(0,o.gJ)(e)}`);return}};return{sarif:await c("findings.sarif",()=>b(e)),json:await c("recommendations.json",()=>`${JSON.stringify(e.evaluatedFindings.filter(({status:e})=>"ignored"!==e.kind).map(({finding:{id:e,rule:r,severity:i,category:t,message:a,location:o},fingerprint:n})=>({filePath:o?.file,recommendationId:e??n,startLine:o?.startLine,endLine:o?.endLine,description:a,recommendationCategory:""===t?void 0:t,ruleMetadata:{ruleId:r.id,ruleName:r.name,longDescription:""===r.description?void 0:r.description,ruleTags:r.tags},severity:y[i]})),null,2)}
`),html:await c("report.html",()=>(e=>{let{decision:r,evaluatedFindings:i}=e,t=new Set(i.slice(0,1e3)),a=`Code review: ${r.verdict}`,o=0===i.length?f`<p class="reason">No findings.</p>`:u;return f`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${a}</title>
<style>${{html:v}}</style>
</head>
<body>
<main>
<header class="${r.verdict}">
<h1>Code review: <b>${r.verdict}</b></h1>
<p class="reason">${r.reason}</p>
<p class="meta">${(({repository:e,codeHost:r,sourceResults:i,endedAt:t})=>[e,r.commit?.slice(0,12),i.flatMap(({scanners:e})=>e).join(", "),`${new Date(t).toISOString().slice(0,16).replace("T"," ")} UTC`].filter(e=>e).join(" \xb7 "))(e)}</p>
</header>
<ul class="tiles">${d.oC.map(e=>{let r;return 0===(r=i.filter(({finding:r})=>r.severity===e).length)?u:f`<li class="${e}"><b>${r}</b>${(0,d.JE)(e)}</li>`})}</ul>
${o}${d.oC.map(r=>((e,r,i)=>{let t=r.evaluatedFindings.filter(({finding:r})=>r.severity===e);if(0===t.length)return u;let a=[...(0,s.$)(t,({finding:e})=>e.location?.file??"")].map(([e,t])=>f`<h3>${""===e?"no file":e}</h3>${t.map(e=>((e,r,i)=>{let{finding:t,code:a,status:o,isNew:n}=e,{rule:s,location:l,message:d}=t,c=l?.startLine===void 0?"":(0,g.j$)(l).slice(l.file.length+1),m=void 0!==a&&i?(({excerpt:e})=>{let{first:r,lines:i,from:t,to:a}=e,o=i.map((e,i)=>{let o=r+i;return f`<li class="${o>=t&&o<=a?"hit":"near"}"><span>${o}</span>${e}</li>`});return f`<ol class="code">${o}</ol>`})(a):u,p={html:"fails"===o.kind&&i?" open":""},v="fails"===o.kind?"":"quiet",b=""===c?u:f`<span class="where">${h(`line ${c}`,(0,g.$W)(t,r))}</span>`;return f`<details${p}><summary><b>${s.name}</b>${b}${w(!0===n?"new":"")}${w((({status:e})=>{switch(e.kind){case"fails":return"fails";case"known":return"known before";case"ignored":return`excepted: ${e.reason}`;case"below":return""}})(e),v)}</summary><div class="body"><p class="message">${d}</p>${m}${(({finding:{rule:e,message:r}})=>""===e.description||e.description===r?u:f`<p class="about">${e.description}</p>`)(e)}${(({finding:{rule:e,category:r,source:i,id:t},fingerprint:a})=>{let o=[i,r,e.id,...e.tags].filter(e=>""!==e),n=(0,g.lc)(e),s=void 0===n?u:f` · ${h("about this rule",n)}`;return f`<p class="more">${o.join(" \xb7 ")}${s} · ${t??a}</p>`})(e)}</div></details>
`})(e,r,i.has(e)))}`);return f`<section class="${e}"><h2>${(0,d.JE)(e)} (${t.length})</h2>${a}</section>
`})(r,e,t))}</main>
</body>
</html>
`.html})(e))}}}};