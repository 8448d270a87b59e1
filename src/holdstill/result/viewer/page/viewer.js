(()=>{var YM=Object.create;var dm=Object.defineProperty;var qM=Object.getOwnPropertyDescriptor;var ZM=Object.getOwnPropertyNames;var XM=Object.getPrototypeOf,KM=Object.prototype.hasOwnProperty;var S=(r,e,t)=>()=>{if(t)throw t[0];try{return r&&(e=r(r=0)),e}catch(n){throw t=[n],n}};var QM=(r,e)=>()=>{try{return e||r((e={exports:{}}).exports,e),e.exports}catch(t){throw e=0,t}},Ti=(r,e)=>{for(var t in e)dm(r,t,{get:e[t],enumerable:!0})},JM=(r,e,t,n)=>{if(e&&typeof e=="object"||typeof e=="function")for(let i of ZM(e))!KM.call(r,i)&&i!==t&&dm(r,i,{get:()=>e[i],enumerable:!(n=qM(e,i))||n.enumerable});return r};var eR=(r,e,t)=>(t=r!=null?YM(XM(r)):{},JM(e||!r||!r.__esModule?dm(t,"default",{value:r,enumerable:!0}):t,r));var Bc,fO,Fu,uO,cw,jm=S(()=>{Bc=globalThis,fO=globalThis.document||{},Fu=globalThis.process||{},uO=globalThis.console,cw=globalThis.navigator||{}});function Uu(r){if(typeof window<"u"&&window.process?.type==="renderer"||typeof process<"u"&&process.versions?.electron)return!0;let e=typeof navigator<"u"&&navigator.userAgent,t=r||e;return!!(t&&t.indexOf("Electron")>=0)}var Hm=S(()=>{});function jr(){return!(typeof process=="object"&&String(process)==="[object process]"&&!process?.browser)||Uu()}var Ym=S(()=>{Hm()});function qm(r){return!r&&!jr()?"Node":Uu(r)?"Electron":(r||cw.userAgent||"").indexOf("Edge")>-1?"Edge":globalThis.chrome?"Chrome":globalThis.safari?"Safari":globalThis.mozInnerScreenX?"Firefox":"Unknown"}var lw=S(()=>{Ym();Hm();jm()});var Zm,Go=S(()=>{jm();Ym();lw();Zm="4.1.2"});function oa(r,e){if(!r)throw new Error(e||"Assertion failed")}var Xm=S(()=>{});function Km(r){if(!r)return 0;let e;switch(typeof r){case"number":e=r;break;case"object":e=r.logLevel||r.priority||0;break;default:return 0}return oa(Number.isFinite(e)&&e>=0),e}function fw(r){let{logLevel:e,message:t}=r;r.logLevel=Km(e);let n=r.args?Array.from(r.args):[];for(;n.length&&n.shift()!==t;);switch(typeof e){case"string":case"function":t!==void 0&&n.unshift(t),r.message=e;break;case"object":Object.assign(r,e);break;default:}typeof r.message=="function"&&(r.message=r.message());let i=typeof r.message;return oa(i==="string"||i==="object"),Object.assign(r,{args:n},r.opts)}var uw=S(()=>{Xm()});var $o,zu,dw=S(()=>{uw();$o=()=>{},zu=class{constructor({level:e=0}={}){this.userData={},this._onceCache=new Set,this._level=e}set level(e){this.setLevel(e)}get level(){return this.getLevel()}setLevel(e){return this._level=e,this}getLevel(){return this._level}warn(e,...t){return this._log("warn",0,e,t,{once:!0})}error(e,...t){return this._log("error",0,e,t)}log(e,t,...n){return this._log("log",e,t,n)}info(e,t,...n){return this._log("info",e,t,n)}once(e,t,...n){return this._log("once",e,t,n,{once:!0})}_log(e,t,n,i,o={}){let s=fw({logLevel:t,message:n,args:this._buildArgs(t,n,i),opts:o});return this._createLogFunction(e,s,o)}_buildArgs(e,t,n){return[e,t,...n]}_createLogFunction(e,t,n){if(!this._shouldLog(t.logLevel))return $o;let i=this._getOnceTag(n.tag??t.tag??t.message);if((n.once||t.once)&&i!==void 0){if(this._onceCache.has(i))return $o;this._onceCache.add(i)}return this._emit(e,t)}_shouldLog(e){return this.getLevel()>=Km(e)}_getOnceTag(e){if(e!==void 0)try{return typeof e=="string"?e:String(e)}catch{return}}}});function hO(r){try{let e=window[r],t="__storage_test__";return e.setItem(t,t),e.removeItem(t),e}catch{return null}}var Gu,hw=S(()=>{Gu=class{constructor(e,t,n="sessionStorage"){this.storage=hO(n),this.id=e,this.config=t,this._loadConfiguration()}getConfiguration(){return this.config}setConfiguration(e){if(Object.assign(this.config,e),this.storage){let t=JSON.stringify(this.config);this.storage.setItem(this.id,t)}}_loadConfiguration(){let e={};if(this.storage){let t=this.storage.getItem(this.id);e=t?JSON.parse(t):{}}return Object.assign(this.config,e),this}}});function pw(r){let e;return r<10?e=`${r.toFixed(2)}ms`:r<100?e=`${r.toFixed(1)}ms`:r<1e3?e=`${r.toFixed(0)}ms`:e=`${(r/1e3).toFixed(2)}s`,e}function mw(r,e=8){let t=Math.max(e-r.length,0);return`${" ".repeat(t)}${r}`}var gw=S(()=>{});function yw(r){return typeof r!="string"?r:(r=r.toUpperCase(),$u[r]||$u.WHITE)}function _w(r,e,t){return!jr&&typeof r=="string"&&(e&&(r=`\x1B[${yw(e)}m${r}\x1B[39m`),t&&(r=`\x1B[${yw(t)+pO}m${r}\x1B[49m`)),r}var $u,pO,bw=S(()=>{Go();(function(r){r[r.BLACK=30]="BLACK",r[r.RED=31]="RED",r[r.GREEN=32]="GREEN",r[r.YELLOW=33]="YELLOW",r[r.BLUE=34]="BLUE",r[r.MAGENTA=35]="MAGENTA",r[r.CYAN=36]="CYAN",r[r.WHITE=37]="WHITE",r[r.BRIGHT_BLACK=90]="BRIGHT_BLACK",r[r.BRIGHT_RED=91]="BRIGHT_RED",r[r.BRIGHT_GREEN=92]="BRIGHT_GREEN",r[r.BRIGHT_YELLOW=93]="BRIGHT_YELLOW",r[r.BRIGHT_BLUE=94]="BRIGHT_BLUE",r[r.BRIGHT_MAGENTA=95]="BRIGHT_MAGENTA",r[r.BRIGHT_CYAN=96]="BRIGHT_CYAN",r[r.BRIGHT_WHITE=97]="BRIGHT_WHITE"})($u||($u={}));pO=10});function xw(r,e=["constructor"]){let t=Object.getPrototypeOf(r),n=Object.getOwnPropertyNames(t),i=r;for(let o of n){let s=i[o];typeof s=="function"&&(e.find(a=>o===a)||(i[o]=s.bind(r)))}}var vw=S(()=>{});var Vu,Qn,Qm=S(()=>{Go();Vu=class{getHighResolutionTimer(){let e;if(jr()&&Bc.performance)e=Bc?.performance?.now?.();else if("hrtime"in Fu){let t=Fu?.hrtime?.();e=t[0]*1e3+t[1]/1e6}else e=Date.now();return e}getMemoryUsageMB(){let t=Bc?.performance?.memory?.usedJSHeapSize;return t==null?null:Math.trunc(t/1024/1024)}},Qn=new Vu;globalThis.Probe=Vu;globalThis.probe=Qn});function mO(r,e,t){if(typeof e=="string"){let n=t.time?mw(pw(t.total)):"";e=t.time?`${r}: ${n}  ${e}`:`${r}: ${e}`,e=_w(e,t.color,t.background)}return e}function gO(r){for(let e in r)for(let t in r[e])return t||"untitled";return"empty"}var sa,Jm,br,eg=S(()=>{Go();dw();hw();gw();bw();vw();Xm();Qm();sa={debug:jr()&&console.debug||console.log,log:console.log,info:console.info,warn:console.warn,error:console.error},Jm={enabled:!0,level:0},br=class extends zu{constructor({id:e}={id:""}){super({level:0}),this.VERSION=Zm,this._startTs=Qn.getHighResolutionTimer(),this._deltaTs=Qn.getHighResolutionTimer(),this.userData={},this.LOG_THROTTLE_TIMEOUT=0,this.id=e,this.userData={},this._storage=new Gu(`__probe-${this.id}__`,{[this.id]:Jm}),this.timeStamp(`${this.id} started`),xw(this),Object.seal(this)}isEnabled(){return this._getConfiguration().enabled}getLevel(){return this._getConfiguration().level}getTotal(){return Number((Qn.getHighResolutionTimer()-this._startTs).toPrecision(10))}getDelta(){return Number((Qn.getHighResolutionTimer()-this._deltaTs).toPrecision(10))}set priority(e){this.level=e}get priority(){return this.level}getPriority(){return this.level}enable(e=!0){return this._updateConfiguration({enabled:e}),this}setLevel(e){return this._updateConfiguration({level:e}),this}get(e){return this._getConfiguration()[e]}set(e,t){this._updateConfiguration({[e]:t})}settings(){console.table?console.table(this._storage.config):console.log(this._storage.config)}assert(e,t){if(!e)throw new Error(t||"Assertion failed")}warn(e,...t){return this._log("warn",0,e,t,{method:sa.warn,once:!0})}error(e,...t){return this._log("error",0,e,t,{method:sa.error})}deprecated(e,t){return this.warn(`\`${e}\` is deprecated and will be removed in a later version. Use \`${t}\` instead`)}removed(e,t){return this.error(`\`${e}\` has been removed. Use \`${t}\` instead`)}probe(e,t,...n){let i=Qn.getMemoryUsageMB();if(i!==null){let o=`${i}MB `;typeof t=="function"?t=()=>`${o}${t()}`:typeof t=="string"&&(t=`${o}${t}`)}return this._log("log",e,t,n,{method:sa.log,time:!0,once:!0})}log(e,t,...n){return this._log("log",e,t,n,{method:sa.debug})}info(e,t,...n){return this._log("info",e,t,n,{method:console.info})}once(e,t,...n){return this._log("once",e,t,n,{method:sa.debug||sa.info,once:!0})}table(e,t,n){return t?this._log("table",e,t,n&&[n]||[],{method:console.table||$o,tag:gO(t)}):$o}time(e,t){return this._log("time",e,t,[],{method:console.time?console.time:console.info})}timeEnd(e,t){return this._log("time",e,t,[],{method:console.timeEnd?console.timeEnd:console.info})}timeStamp(e,t){return this._log("time",e,t,[],{method:console.timeStamp||$o})}group(e,t,n={collapsed:!1}){let i=(n.collapsed?console.groupCollapsed:console.group)||console.info;return this._log("group",e,t,[],{method:i})}groupCollapsed(e,t,n={}){return this.group(e,t,Object.assign({},n,{collapsed:!0}))}groupEnd(e){return this._log("groupEnd",e,"",[],{method:console.groupEnd||$o})}withGroup(e,t,n){this.group(e,t)();try{n()}finally{this.groupEnd(e)()}}trace(){console.trace&&console.trace()}_shouldLog(e){return this.isEnabled()&&super._shouldLog(e)}_emit(e,t){let n=t.method;oa(n),t.total=this.getTotal(),t.delta=this.getDelta(),this._deltaTs=Qn.getHighResolutionTimer();let i=mO(this.id,t.message,t);return n.bind(console,i,...t.args)}_getConfiguration(){return this._storage.config[this.id]||this._updateConfiguration(Jm),this._storage.config[this.id]}_updateConfiguration(e){let t=this._storage.config[this.id]||{...Jm};this._storage.setConfiguration({[this.id]:{...t,...e}})}};br.VERSION=Zm});var ww=S(()=>{Qm();globalThis.probe||(globalThis.probe=Qn)});var l8,kc=S(()=>{eg();eg();ww();l8=new br({id:"@probe.gl/log"})});function Uc(){let r;if(typeof window<"u"&&window.performance)r=window.performance.now();else if(typeof process<"u"&&process.hrtime){let e=process.hrtime();r=e[0]*1e3+e[1]/1e6}else r=Date.now();return r}var yg=S(()=>{});var Wo,_g=S(()=>{yg();Wo=class{constructor(e,t){this.sampleSize=1,this.time=0,this.count=0,this.samples=0,this.lastTiming=0,this.lastSampleTime=0,this.lastSampleCount=0,this._count=0,this._time=0,this._samples=0,this._startTime=0,this._timerPending=!1,this.name=e,this.type=t,this.reset()}reset(){return this.time=0,this.count=0,this.samples=0,this.lastTiming=0,this.lastSampleTime=0,this.lastSampleCount=0,this._count=0,this._time=0,this._samples=0,this._startTime=0,this._timerPending=!1,this}setSampleSize(e){return this.sampleSize=e,this}incrementCount(){return this.addCount(1),this}decrementCount(){return this.subtractCount(1),this}addCount(e){return this._count+=e,this._samples++,this._checkSampling(),this}subtractCount(e){return this._count-=e,this._samples++,this._checkSampling(),this}addTime(e){return this._time+=e,this.lastTiming=e,this._samples++,this._checkSampling(),this}timeStart(){return this._startTime=Uc(),this._timerPending=!0,this}timeEnd(){return this._timerPending?(this.addTime(Uc()-this._startTime),this._timerPending=!1,this._checkSampling(),this):this}getSampleAverageCount(){return this.sampleSize>0?this.lastSampleCount/this.sampleSize:0}getSampleAverageTime(){return this.sampleSize>0?this.lastSampleTime/this.sampleSize:0}getSampleHz(){return this.lastSampleTime>0?this.sampleSize/(this.lastSampleTime/1e3):0}getAverageCount(){return this.samples>0?this.count/this.samples:0}getAverageTime(){return this.samples>0?this.time/this.samples:0}getHz(){return this.time>0?this.samples/(this.time/1e3):0}_checkSampling(){this._samples===this.sampleSize&&(this.lastSampleTime=this._time,this.lastSampleCount=this._count,this.count+=this._count,this.time+=this._time,this.samples+=this._samples,this._time=0,this._count=0,this._samples=0)}}});var fn,kw=S(()=>{_g();fn=class{constructor(e){this.stats={},this.id=e.id,this.stats={},this._initializeStats(e.stats),Object.seal(this)}get(e,t="count"){return this._getOrCreate({name:e,type:t})}get size(){return Object.keys(this.stats).length}reset(){for(let e of Object.values(this.stats))e.reset();return this}forEach(e){for(let t of Object.values(this.stats))e(t)}getTable(){let e={};return this.forEach(t=>{e[t.name]={time:t.time||0,count:t.count||0,average:t.getAverageTime()||0,hz:t.getHz()||0}}),e}_initializeStats(e=[]){e.forEach(t=>this._getOrCreate(t))}_getOrCreate(e){let{name:t,type:n}=e,i=this.stats[t];return i||(e instanceof Wo?i=e:i=new Wo(t,n),this.stats[t]=i),i}}});var zc=S(()=>{kw();_g();yg()});function uE(r){return ArrayBuffer.isView(r)&&!(r instanceof DataView)}function dE(r){return Array.isArray(r)?r.length===0||typeof r[0]=="number":!1}function Yc(r){return uE(r)||dE(r)}var hE=S(()=>{});var Ig=S(()=>{hE()});function ha(r){let e=r.split(""),t=0,n=0,i=!1,o=!1,s=!1;for(;t<r.length;){let a=r[t],c=r[t+1];if(o){s?s=!1:a==="\\"?s=!0:a==='"'&&(o=!1),t++;continue}if(i){a===`
`||a==="\r"?i=!1:e[t]=" ",t++;continue}if(n>0){if(a==="/"&&c==="*"){e[t]=" ",e[t+1]=" ",n++,t+=2;continue}if(a==="*"&&c==="/"){e[t]=" ",e[t+1]=" ",n--,t+=2;continue}a!==`
`&&a!=="\r"&&(e[t]=" "),t++;continue}if(a==='"'){o=!0,t++;continue}if(a==="/"&&c==="/"){e[t]=" ",e[t+1]=" ",i=!0,t+=2;continue}if(a==="/"&&c==="*"){e[t]=" ",e[t+1]=" ",n=1,t+=2;continue}t++}return e.join("")}function Ho(r,e){let t=ha(r),n=[];for(let i of e){i.lastIndex=0;let o;for(o=i.exec(t);o;){let s=i===e[0],a=o.index,c=o[0].length;n.push({match:r.slice(a,a+c),index:a,length:c,bindingToken:o[s?1:2],groupToken:o[s?2:1],accessDeclaration:o[3]?.trim(),name:o[4]}),o=i.exec(t)}}return n.sort((i,o)=>i.index-o.index)}function Ug(r,e,t){let n=Ho(r,e);if(!n.length)return r;let i="",o=0;for(let s of n)i+=r.slice(o,s.index),i+=t(s),o=s.index+s.length;return i+=r.slice(o),i}function zg(r){return/@binding\(\s*auto\s*\)/.test(ha(r))}function AE(r,e){return Ho(r,e===da||e===nd?OB:e).find(n=>n.bindingToken==="auto")}var qr,da,nd,LE,OB,id=S(()=>{qr="(?:var<\\s*(uniform|storage(?:\\s*,\\s*[A-Za-z_][A-Za-z0-9_]*)?)\\s*>|var)\\s+([A-Za-z_][A-Za-z0-9_]*)",da=[new RegExp(`@binding\\(\\s*(auto|\\d+)\\s*\\)\\s*@group\\(\\s*(\\d+)\\s*\\)\\s*${qr}`,"g"),new RegExp(`@group\\(\\s*(\\d+)\\s*\\)\\s*@binding\\(\\s*(auto|\\d+)\\s*\\)\\s*${qr}`,"g")],nd=[new RegExp(`@binding\\(\\s*(auto|\\d+)\\s*\\)\\s*@group\\(\\s*(\\d+)\\s*\\)\\s*${qr}`,"g"),new RegExp(`@group\\(\\s*(\\d+)\\s*\\)\\s*@binding\\(\\s*(auto|\\d+)\\s*\\)\\s*${qr}`,"g")],LE=[new RegExp(`@binding\\(\\s*(\\d+)\\s*\\)\\s*@group\\(\\s*(\\d+)\\s*\\)\\s*${qr}`,"g"),new RegExp(`@group\\(\\s*(\\d+)\\s*\\)\\s*@binding\\(\\s*(\\d+)\\s*\\)\\s*${qr}`,"g")],OB=[new RegExp(`@binding\\(\\s*(auto)\\s*\\)\\s*@group\\(\\s*(\\d+)\\s*\\)\\s*${qr}`,"g"),new RegExp(`@group\\(\\s*(\\d+)\\s*\\)\\s*@binding\\(\\s*(auto)\\s*\\)\\s*${qr}`,"g"),new RegExp(`@binding\\(\\s*(auto)\\s*\\)\\s*@group\\(\\s*(\\d+)\\s*\\)(?:[\\s\\n\\r]*@[A-Za-z_][^\\n\\r]*)*[\\s\\n\\r]*${qr}`,"g"),new RegExp(`@group\\(\\s*(\\d+)\\s*\\)\\s*@binding\\(\\s*(auto)\\s*\\)(?:[\\s\\n\\r]*@[A-Za-z_][^\\n\\r]*)*[\\s\\n\\r]*${qr}`,"g")]});function sd(r,e={}){let t=CE(r),n=BB(t);if(!n)return null;let i=kB(t,n);if(!i)return null;let o=NB(t,n,i);if(!o)return null;if(e.scanVertexAttributes===!1)return{attributes:[],bindings:o};let s=DB(t,n);if(!s)return null;let a=$B(t,n,i,s,e.vertexEntryPoint);return a?{attributes:a,bindings:o}:null}function CE(r){let e=ha(r),t=/[A-Za-z_][A-Za-z0-9_]*|(?:0[xX][0-9A-Fa-f]+|\d+)|[@(){}<>\[\]:,;=]/g,n=[],i=t.exec(e);for(;i;)n.push({value:i[0],index:i.index}),i=t.exec(e);return n}function BB(r){let e=[],t=0;for(let n of r){if(n.value==="}"&&t===0)return null;e.push(t),n.value==="{"?t++:n.value==="}"&&t--}return t===0?e:null}function kB(r,e){let t=new Map;for(let n=0;n<r.length;n++){if(e[n]!==0||r[n].value!=="alias")continue;let i=r[n+1]?.value;if(!Xc(i)||r[n+2]?.value!=="="||t.has(i))return null;let o=IE(r,e,n+3,";");if(o<0||o===n+3)return null;t.set(i,od(r.slice(n+3,o))),n=o}return t}function DB(r,e){let t=new Map;for(let n=0;n<r.length;n++){if(e[n]!==0||r[n].value!=="struct")continue;let i=r[n+1]?.value,o=n+2;if(!Xc(i)||t.has(i)||r[o]?.value!=="{")return null;let s=Wg(r,o,"{","}");if(s<0)return null;t.set(i,r.slice(o+1,s)),n=s}return t}function NB(r,e,t){let n=[],i=new Set,o=new Set;for(let s=0;s<r.length;s++){if(e[s]!==0||r[s].value!=="var")continue;let a=OE(r,e,s),c=r.slice(a,s),l=Gg(c,"group"),f=Gg(c,"binding");if(l===null||f===null||l===void 0!=(f===void 0))return null;if(l===void 0||f===void 0)continue;let u=s+1,d=[];if(r[u]?.value==="<"){let x=Wg(r,u,"<",">");if(x<0)return null;let b=ad(r.slice(u+1,x),",");if(!b)return null;d=b.map(od),u=x+1}let h=r[u]?.value;if(!Xc(h)||r[u+1]?.value!==":")return null;let p=IE(r,e,u+2,";");if(p<0||p===u+2)return null;let g=Vg(od(r.slice(u+2,p)),t);if(!g)return null;let y=FB({name:h,group:l,location:f,addressSpace:d,resourceType:g}),w=`${l}:${f}`;if(!y||i.has(w)||o.has(h))return null;n.push(y),i.add(w),o.add(h),s=p}return GB(n),n.sort((s,a)=>s.group-a.group||s.location-a.location||s.name.localeCompare(a.name))}function FB(r){let{name:e,group:t,location:n,addressSpace:i,resourceType:o}=r,s={name:e,group:t,location:n};if(i[0]==="uniform"&&i.length===1)return{...s,type:"uniform"};if(i[0]==="storage"&&i.length<=2){let a=i[1]||"read";return a==="read"?{...s,type:"read-only-storage"}:a==="read_write"?{...s,type:"storage"}:null}return i.length>0?null:o==="sampler"||o==="sampler_comparison"?{...s,type:"sampler",...o==="sampler_comparison"?{samplerType:"comparison"}:{}}:o==="texture_external"?{...s,type:"external-texture"}:UB(s,o)||zB(s,o)}function UB(r,e){let t=/^texture_storage_(1d|2d|2d_array|3d)<([A-Za-z0-9_]+),(read|write|read_write)>$/.exec(e);if(!t)return null;let n={read:"read-only",write:"write-only",read_write:"read-write"}[t[3]];return{...r,type:"storage",format:t[2],access:n,viewDimension:$g(t[1])}}function zB(r,e){let t=/^texture_(multisampled_)?(1d|2d|2d_array|cube|cube_array|3d)<(f32|i32|u32)>$/.exec(e);if(t){if(t[1]&&t[2]!=="2d")return null;let i={f32:"float",i32:"sint",u32:"uint"}[t[3]];return{...r,type:"texture",viewDimension:$g(t[2]),sampleType:i,multisampled:!!t[1]}}let n=/^texture_depth_(multisampled_)?(2d|2d_array|cube|cube_array)$/.exec(e);return!n||n[1]&&n[2]!=="2d"?null:{...r,type:"texture",viewDimension:$g(n[2]),sampleType:"depth",multisampled:!!n[1]}}function GB(r){for(let e of r){if(e.type!=="sampler"||e.samplerType||!e.name.endsWith("Sampler"))continue;let t=e.name.slice(0,-7);r.find(i=>i.type==="texture"&&i.name===t&&i.group===e.group)?.sampleType==="depth"&&(e.samplerType="non-filtering")}}function $B(r,e,t,n,i){let o=VB(r,e);if(!o)return null;let s=o.filter(h=>h.vertex),a=i?s.find(h=>h.name===i):s.length===1?s[0]:void 0;if(!a)return s.length===0&&!i?[]:null;let c=ad(a.parameters,",");if(!c)return null;let l=[],f=new Set,u=new Set,d=new Set;for(let h of c)if(h.length>0&&!ME({declaration:h,aliases:t,structures:n,attributes:l,attributeLocations:f,attributeNames:u,visitedStructures:d}))return null;return l.sort((h,p)=>h.location-p.location||h.name.localeCompare(p.name))}function VB(r,e){let t=[],n=new Set;for(let i=0;i<r.length;i++){if(e[i]!==0||r[i].value!=="fn")continue;let o=r[i+1]?.value,s=i+2;if(!Xc(o)||n.has(o)||r[s]?.value!=="(")return null;let a=Wg(r,s,"(",")");if(a<0)return null;let c=OE(r,e,i);t.push({name:o,vertex:RE(r.slice(c,i),"vertex"),parameters:r.slice(s+1,a)}),n.add(o),i=a}return t}function ME(r){let{declaration:e,aliases:t,structures:n,attributes:i,attributeLocations:o,attributeNames:s,visitedStructures:a}=r,c=HB(e,":");if(c<1||c===e.length-1)return!1;let l=YB(e.slice(0,c)),f=Gg(e.slice(0,c),"location"),u=RE(e.slice(0,c),"builtin"),d=Vg(od(e.slice(c+1)),t);if(!l||f===null||!d||f!==void 0&&u)return!1;if(f!==void 0){let g=jB(d);return!g||o.has(f)||s.has(l)?!1:(i.push({name:l,location:f,type:g}),o.add(f),s.add(l),!0)}if(u)return!0;let h=n.get(d);if(!h||a.has(d))return!1;let p=ad(h,",");if(!p)return!1;a.add(d);for(let g of p)if(g.length>0&&!ME({...r,declaration:g}))return!1;return a.delete(d),!0}function Vg(r,e,t=new Set){let n=CE(r),i="";for(let o of n){let s=e.get(o.value);if(!s){i+=WB(o.value);continue}if(t.has(o.value))return null;let a=new Set(t);a.add(o.value);let c=Vg(s,e,a);if(!c)return null;i+=c}return i}function WB(r){let e=/^(vec[234]|mat[234]x[234])([fiuh])$/.exec(r);if(!e)return r;let t={f:"f32",i:"i32",u:"u32",h:"f16"}[e[2]];return`${e[1]}<${t}>`}function jB(r){return/^(?:i32|u32|f32|f16|vec[234]<(?:i32|u32|f32|f16)>)$/.test(r)?r:null}function Gg(r,e){let t;for(let n=0;n<r.length;n++)if(!(r[n].value!=="@"||r[n+1]?.value!==e)){if(t!==void 0||r[n+2]?.value!=="("||!/^\d+$/.test(r[n+3]?.value||"")||r[n+4]?.value!==")")return null;t=Number(r[n+3].value)}return t}function RE(r,e){return r.some((t,n)=>t.value==="@"&&r[n+1]?.value===e)}function $g(r){return r.replace("_","-")}function Wg(r,e,t,n){let i=0;for(let o=e;o<r.length;o++)if(r[o].value===t)i++;else if(r[o].value===n&&--i===0)return o;return-1}function ad(r,e){let t=[],n=0,i={"(":0,"<":0,"[":0,"{":0},o=Object.keys(i),s={")":"(",">":"<","]":"[","}":"{"};for(let a=0;a<r.length;a++){let c=r[a].value;if(c===e&&o.every(l=>i[l]===0)){t.push(r.slice(n,a)),n=a+1;continue}if(c in i)i[c]++;else if(c in s){let l=s[c];if(i[l]--,i[l]<0)return null}}return o.every(a=>i[a]===0)?(t.push(r.slice(n)),t):null}function HB(r,e){let t=ad(r,e);return t&&t.length===2?t[0].length:-1}function IE(r,e,t,n){for(let i=t;i<r.length;i++)if(e[i]===0&&r[i].value===n)return i;return-1}function OE(r,e,t){for(let n=t-1;n>=0;n--)if(r[n].value===";"&&e[n]===0||r[n].value==="}"&&e[n]===1)return n+1;return 0}function YB(r){for(let e=r.length-1;e>=0;e--)if(Xc(r[e].value))return r[e].value;return null}function od(r){return r.map(e=>e.value).join("")}function Xc(r){return!!(r&&/^[A-Za-z_][A-Za-z0-9_]*$/.test(r))}var jg=S(()=>{id()});function Ri(r,e){if(!r){let t=new Error(e||"shadertools: assertion failed.");throw Error.captureStackTrace?.(t,Ri),t}}var cd=S(()=>{});function kE(r){let e={};for(let[t,n]of Object.entries(r))e[t]=qB(n);return e}function qB(r){let e=BE(r);if(e!=="object")return{value:r,...Hg[e],type:e};if(typeof r=="object")return r?r.type!==void 0?{...r,...Hg[r.type],type:r.type}:r.value===void 0?{type:"object",value:r}:(e=BE(r.value),{...r,...Hg[e],type:e}):{type:"object",value:null};throw new Error("props")}function BE(r){return Array.isArray(r)||ArrayBuffer.isView(r)?"array":typeof r}var Hg,DE=S(()=>{Hg={number:{type:"number",validate(r,e){return Number.isFinite(r)&&typeof e=="object"&&(e.max===void 0||r<=e.max)&&(e.min===void 0||r>=e.min)}},array:{type:"array",validate(r,e){return Array.isArray(r)||ArrayBuffer.isView(r)}}}});var NE,FE,UE=S(()=>{NE=`#ifdef MODULE_LOGDEPTH
  logdepth_adjustPosition(gl_Position);
#endif
`,FE=`#ifdef MODULE_MATERIAL
  fragColor = material_filterColor(fragColor);
#endif

#ifdef MODULE_LIGHTING
  fragColor = lighting_filterColor(fragColor);
#endif

#ifdef MODULE_FOG
  fragColor = fog_filterColor(fragColor);
#endif

#ifdef MODULE_PICKING
  fragColor = picking_filterHighlightColor(fragColor);
  fragColor = picking_filterPickingColor(fragColor);
#endif

#ifdef MODULE_LOGDEPTH
  logdepth_setFragDepth();
#endif
`});function $E(r){let e={vertex:{},fragment:{}};for(let t in r){let n=r[t],i=XB(t);typeof n=="string"&&(n={order:0,injection:n}),e[i][t]=n}return e}function XB(r){let e=r.slice(0,2);switch(e){case"vs":return"vertex";case"fs":return"fragment";default:throw new Error(e)}}function Qc(r,e,t,n=!1,i="glsl",o={}){let s=e==="vertex";for(let a in t){let c=t[a];c.sort((f,u)=>f.order-u.order),Yg.length=c.length;for(let f=0,u=c.length;f<u;++f)Yg[f]=c[f].injection;let l=`${Yg.join(`
`)}
`;switch(a){case"vs:#decl":(i==="wgsl"||s)&&(r=r.replace(Kc,l));break;case"vs:#main-start":(i==="wgsl"||s)&&(r=i==="wgsl"?ld(r,"vertex",l,"start",o.vertex):r.replace(zE,f=>f+l));break;case"vs:#main-end":(i==="wgsl"||s)&&(r=i==="wgsl"?ld(r,"vertex",l,"end",o.vertex):r.replace(GE,f=>l+f));break;case"fs:#decl":(i==="wgsl"||!s)&&(r=r.replace(Kc,l));break;case"fs:#main-start":(i==="wgsl"||!s)&&(r=i==="wgsl"?ld(r,"fragment",l,"start",o.fragment):r.replace(zE,f=>f+l));break;case"fs:#main-end":(i==="wgsl"||!s)&&(r=i==="wgsl"?ld(r,"fragment",l,"end",o.fragment):r.replace(GE,f=>l+f));break;default:r=r.replace(a,f=>f+l)}}return r=r.replace(Kc,""),n&&(r=r.replace(/\}\s*$/,a=>a+ZB[e])),r}function ld(r,e,t,n,i){let o=KB(r,e,i);if(!o)return r;if(n==="start"){let s=o.openBraceIndex+1;return`${r.slice(0,s)}
${t}${r.slice(s)}`}return`${r.slice(0,o.closeBraceIndex)}${t}${r.slice(o.closeBraceIndex)}`}function KB(r,e,t){let n=e==="vertex"?"@vertex":"@fragment",i=r.indexOf(n);if(i<0)return null;let o=t?r.search(new RegExp(`\\bfn\\s+${QB(t)}\\s*\\(`)):r.indexOf("fn",i);if(o<0)return null;let s=r.indexOf("{",o);if(s<0)return null;let a=0;for(let c=s;c<r.length;c++){let l=r[c];if(l==="{")a++;else if(l==="}"&&(a--,a===0))return{openBraceIndex:s,closeBraceIndex:c}}return null}function QB(r){return r.replace(/[.*+?^${}()|[\]\\]/g,"\\$&")}var ZB,zE,GE,Yg,Kc,qg=S(()=>{UE();ZB={vertex:NE,fragment:FE},zE=/void\s+main\s*\([^)]*\)\s*\{\n?/,GE=/}\n?[^{}]*$/,Yg=[],Kc="__LUMA_INJECT_DECLARATIONS__"});function pa(r){r.map(e=>JB(e))}function JB(r){if(r.instance)return;pa(r.dependencies||[]);let{propTypes:e={},deprecations:t=[],inject:n={}}=r,i={normalizedInjections:$E(n),parsedDeprecations:ek(t)};e&&(i.propValidators=kE(e)),r.instance=i;let o={};e&&(o=Object.entries(e).reduce((s,[a,c])=>{let l=c?.value;return l&&(s[a]=l),s},{})),r.defaultUniforms={...r.defaultUniforms,...o}}function Zg(r,e,t){r.deprecations?.forEach(n=>{n.regex?.test(e)&&(n.deprecated?t.deprecated(n.old,n.new)():t.removed(n.old,n.new)())})}function ek(r){return r.forEach(e=>{e.type==="function"?e.regex=new RegExp(`\\b${e.old}\\(`):e.regex=new RegExp(`${e.type} ${e.old};`)}),r}var fd=S(()=>{DE();qg()});function Yo(r){pa(r);let e={},t={};VE({modules:r,level:0,moduleMap:e,moduleDepth:t});let n=Object.keys(t).sort((i,o)=>t[o]-t[i]).map(i=>e[i]);return pa(n),n}function VE(r){let{modules:e,level:t,moduleMap:n,moduleDepth:i}=r;if(t>=5)throw new Error("Possible loop in shader dependency graph");for(let o of e)n[o.name]=o,(i[o.name]===void 0||i[o.name]<t)&&(i[o.name]=t);for(let o of e)o.dependencies&&VE({modules:o.dependencies,level:t+1,moduleMap:n,moduleDepth:i})}var Xg=S(()=>{fd()});var k,vr=S(()=>{kc();k=new br({id:"luma.gl"})});function tk(r,e){return r!=null?!!r:e!==void 0?e!=="production":!1}function rk(){return tk(k.get("debug"),nk())}function nk(){let r=globalThis.process;if(r?.env)return r.env.NODE_ENV}var ud,Kg=S(()=>{vr();ud={id:null,powerPreference:"high-performance",failIfMajorPerformanceCaveat:!1,featureLevel:void 0,optionalFeatures:[],xrCompatible:!1,createCanvasContext:void 0,webgl:{},onError:(r,e)=>{},onResize:(r,e)=>{let[t,n]=r.getDevicePixelSize();k.log(1,`${r} resized => ${t}x${n}px`)()},onPositionChange:(r,e)=>{let[t,n]=r.getPosition();k.log(1,`${r} repositioned => ${t},${n}`)()},onVisibilityChange:r=>k.log(1,`${r} Visibility changed ${r.isVisible}`)(),onDevicePixelRatioChange:(r,e)=>k.log(1,`${r} DPR changed ${e.oldRatio} => ${r.devicePixelRatio}`)(),debug:rk(),debugGPUTime:!1,debugShaders:k.get("debug-shaders")||void 0,debugFramebuffers:!!k.get("debug-framebuffers"),debugFactories:!!k.get("debug-factories"),debugWebGL:!!k.get("debug-webgl"),debugSpectorJS:void 0,debugSpectorJSUrl:void 0,_reuseDevices:!1,_cacheShaders:!0,_destroyShaders:!1,_cachePipelines:!0,_sharePipelines:!0,_destroyPipelines:!1,_initializeFeatures:!0,_disabledFeatures:{"compilation-status-async-webgl":!0},_handle:void 0}});function sk(r,e){let t=r.stats,n=!1;for(let c of e)t[c]||(r.get(c),n=!0);let i=Object.keys(t).length,o=WE.get(r);if(!n&&o?.orderedStatNames===e&&o.statCount===i)return;let s={},a=jE.get(e);a||(a=new Set(e),jE.set(e,a));for(let c of e)t[c]&&(s[c]=t[c]);for(let[c,l]of Object.entries(t))a.has(c)||(s[c]=l);for(let c of Object.keys(t))delete t[c];Object.assign(t,s),WE.set(r,{orderedStatNames:e,statCount:i})}var ik,ok,WE,jE,Qg,dd,Jg=S(()=>{zc();ik="GPU Time and Memory",ok=["Adapter","GPU","GPU Type","GPU Backend","Frame Rate","CPU Time","GPU Time","GPU Memory","Buffer Memory","Texture Memory","External Buffer Memory","External Texture Memory","Swap Chain Texture"],WE=new WeakMap,jE=new WeakMap,Qg=class{stats=new Map;getStats(e){return this.get(e)}get(e){this.stats.has(e)||this.stats.set(e,new fn({id:e}));let t=this.stats.get(e);return e===ik&&sk(t,ok),t}},dd=new Qg});var ak,HE,ey,ma,YE=S(()=>{Kg();Jg();vr();ak="set luma.log.level=1 (or higher) to trace rendering",HE="No matching device found. Ensure `@luma.gl/webgl` and/or `@luma.gl/webgpu` modules are imported.",ey=class r{static defaultProps={...ud,type:"best-available",adapters:void 0,waitForPageLoad:!0};stats=dd;log=k;VERSION="9.4.2";spector;preregisteredAdapters=new Map;constructor(){if(globalThis.luma){if(globalThis.luma.VERSION!==this.VERSION)throw k.error(`Found luma.gl ${globalThis.luma.VERSION} while initialzing ${this.VERSION}`)(),k.error("'yarn why @luma.gl/core' can help identify the source of the conflict")(),new Error("luma.gl - multiple versions detected: see console log");k.error("This version of luma.gl has already been initialized")()}k.log(1,`${this.VERSION} - ${ak}`)(),globalThis.luma=this}async createDevice(e={}){let t={...r.defaultProps,...e},n=this.selectAdapter(t.type,t.adapters);if(!n)throw new Error(HE);return t.waitForPageLoad&&await n.pageLoaded,await n.create(t)}async attachDevice(e,t){let n=this._getTypeFromHandle(e,t.adapters),i=n&&this.selectAdapter(n,t.adapters);if(!i)throw new Error(HE);return await i?.attach?.(e,t)}registerAdapters(e){for(let t of e)this.preregisteredAdapters.set(t.type,t)}getSupportedAdapters(e=[]){let t=this._getAdapterMap(e);return Array.from(t).map(([,n])=>n).filter(n=>n.isSupported?.()).map(n=>n.type)}getBestAvailableAdapterType(e=[]){let t=["webgpu","webgl","null"],n=this._getAdapterMap(e);for(let i of t)if(n.get(i)?.isSupported?.())return i;return null}selectAdapter(e,t=[]){let n=e;e==="best-available"&&(n=this.getBestAvailableAdapterType(t));let i=this._getAdapterMap(t);return n&&i.get(n)||null}enforceWebGL2(e=!0,t=[]){let i=this._getAdapterMap(t).get("webgl");i||k.warn("enforceWebGL2: webgl adapter not found")(),i?.enforceWebGL2?.(e)}setDefaultDeviceProps(e){Object.assign(r.defaultProps,e)}_getAdapterMap(e=[]){let t=new Map(this.preregisteredAdapters);for(let n of e)t.set(n.type,n);return t}_getTypeFromHandle(e,t=[]){return e instanceof WebGL2RenderingContext?"webgl":typeof GPUDevice<"u"&&e instanceof GPUDevice||e?.queue?"webgpu":e===null?"null":(e instanceof WebGLRenderingContext?k.warn("WebGL1 is not supported",e)():k.warn("Unknown handle type",e)(),null)}},ma=new ey});function fk(){return hd||(lk()||typeof window>"u"?hd=Promise.resolve():hd=new Promise(r=>window.addEventListener("load",()=>r()))),hd}var Jc,ck,lk,hd,qE=S(()=>{Go();Jc=class{get pageLoaded(){return fk()}},ck=jr()&&typeof document<"u",lk=()=>ck&&document.readyState==="complete",hd=null});function ni(r="id"){ty[r]=ty[r]||1;let e=ty[r]++;return`${r}-${e}`}var ty,ga=S(()=>{ty={}});function gk(r,e){let t={...e};for(let n in r)r[n]!==void 0&&(t[n]=r[n]);return t}function e1(r,e){let t=r.stats,n=!1;for(let c of e)t[c]||(r.get(c),n=!0);let i=Object.keys(t).length,o=QE.get(r);if(!n&&o?.orderedStatNames===e&&o.statCount===i)return;let s={},a=JE.get(e);a||(a=new Set(e),JE.set(e,a));for(let c of e)t[c]&&(s[c]=t[c]);for(let[c,l]of Object.entries(t))a.has(c)||(s[c]=l);for(let c of Object.keys(t))delete t[c];Object.assign(t,s),QE.set(r,{orderedStatNames:e,statCount:i})}function t1(r){return r.type==="webgl"?mk:pk}function el(r){let e=r.userData[uk];return e?.enabled?e:null}function no(){return globalThis.performance?.now?.()??Date.now()}function yk(r,e){let t=el(r);if(!(!t||!t.activeDefaultFramebufferAcquireDepth))switch(t.transientCanvasResourceCreates=(t.transientCanvasResourceCreates||0)+1,e){case"Texture":t.transientCanvasTextureCreates=(t.transientCanvasTextureCreates||0)+1;break;case"TextureView":t.transientCanvasTextureViewCreates=(t.transientCanvasTextureViewCreates||0)+1;break;case"Sampler":t.transientCanvasSamplerCreates=(t.transientCanvasSamplerCreates||0)+1;break;case"Framebuffer":t.transientCanvasFramebufferCreates=(t.transientCanvasFramebufferCreates||0)+1;break;default:break}}function _k(r){let e=Object.getPrototypeOf(r);for(;e;){let t=Object.getPrototypeOf(e);if(!t||t===fe.prototype)return bk(e)||r[Symbol.toStringTag]||r.constructor.name;e=t}return r[Symbol.toStringTag]||r.constructor.name}function bk(r){let e=Object.getOwnPropertyDescriptor(r,Symbol.toStringTag);return typeof e?.get=="function"?e.get.call(r):typeof e?.value=="string"?e.value:null}var uk,ZE,XE,KE,dk,hk,pk,mk,QE,JE,fe,jt=S(()=>{ga();uk="cpu-hotspot-profiler",ZE="GPU Resource Counts",XE="Resource Counts",KE="GPU Time and Memory",dk=["Resources","Buffers","Textures","Samplers","TextureViews","Framebuffers","QuerySets","Shaders","RenderPipelines","ComputePipelines","PipelineLayouts","VertexArrays","RenderPasss","RenderBundleEncoders","RenderBundles","ComputePasss","CommandEncoders","CommandBuffers"],hk=["Resources","Buffers","Textures","Samplers","TextureViews","Framebuffers","QuerySets","Shaders","RenderPipelines","SharedRenderPipelines","ComputePipelines","PipelineLayouts","VertexArrays","RenderPasss","RenderBundleEncoders","RenderBundles","ComputePasss","CommandEncoders","CommandBuffers"],pk=dk.flatMap(r=>[`${r} Created`,`${r} Active`]),mk=hk.flatMap(r=>[`${r} Created`,`${r} Active`]),QE=new WeakMap,JE=new WeakMap,fe=class{static defaultProps={id:"undefined",handle:void 0,_isHandleBorrowed:!1,userData:void 0};toString(){return`${this[Symbol.toStringTag]||this.constructor.name}:"${this.id}"`}toJSON(){return this.toString()}id;props;userData={};_device;destroyed=!1;allocatedBytes=0;allocatedBytesName=null;_attachedResources=new Set;get ownsHandle(){return(this.props.handle===void 0||this.props.handle===null)&&!this.isHandleBorrowed}get isHandleBorrowed(){return!!this.props._isHandleBorrowed}constructor(e,t,n){if(!e)throw new Error("no device");this._device=e,this.props=gk(t,n);let i=this.props.id!=="undefined"?this.props.id:ni(this[Symbol.toStringTag]);this.props.id=i,this.id=i,this.userData=this.props.userData||{},this.addStats()}destroy(){this.destroyed||this.destroyResource()}delete(){return this.destroy(),this}getProps(){return this.props}attachResource(e){this._attachedResources.add(e)}detachResource(e){this._attachedResources.delete(e)}destroyAttachedResource(e){this._attachedResources.delete(e)&&e.destroy()}destroyAttachedResources(){for(let e of this._attachedResources)e.destroy();this._attachedResources=new Set}destroyResource(){this.destroyed||(this.destroyAttachedResources(),this.removeStats(),this.destroyed=!0)}removeStats(){let e=el(this._device),t=e?no():0,n=[this._device.statsManager.getStats(ZE),this._device.statsManager.getStats(XE)],i=t1(this._device);for(let s of n)e1(s,i);let o=this.getStatsName();for(let s of n)s.get("Resources Active").decrementCount(),s.get(`${o}s Active`).decrementCount();e&&(e.statsBookkeepingCalls=(e.statsBookkeepingCalls||0)+1,e.statsBookkeepingTimeMs=(e.statsBookkeepingTimeMs||0)+(no()-t))}trackAllocatedMemory(e,t=this.getStatsName()){let n=el(this._device),i=n?no():0,o=this._device.statsManager.getStats(KE);this.allocatedBytes>0&&this.allocatedBytesName&&(o.get("GPU Memory").subtractCount(this.allocatedBytes),o.get(`${this.allocatedBytesName} Memory`).subtractCount(this.allocatedBytes)),o.get("GPU Memory").addCount(e),o.get(`${t} Memory`).addCount(e),n&&(n.statsBookkeepingCalls=(n.statsBookkeepingCalls||0)+1,n.statsBookkeepingTimeMs=(n.statsBookkeepingTimeMs||0)+(no()-i)),this.allocatedBytes=e,this.allocatedBytesName=t}trackReferencedMemory(e,t=this.getStatsName()){this.trackAllocatedMemory(e,`External ${t}`)}trackDeallocatedMemory(e=this.getStatsName()){if(this.allocatedBytes===0){this.allocatedBytesName=null;return}let t=el(this._device),n=t?no():0,i=this._device.statsManager.getStats(KE);i.get("GPU Memory").subtractCount(this.allocatedBytes),i.get(`${this.allocatedBytesName||e} Memory`).subtractCount(this.allocatedBytes),t&&(t.statsBookkeepingCalls=(t.statsBookkeepingCalls||0)+1,t.statsBookkeepingTimeMs=(t.statsBookkeepingTimeMs||0)+(no()-n)),this.allocatedBytes=0,this.allocatedBytesName=null}trackDeallocatedReferencedMemory(e=this.getStatsName()){this.trackDeallocatedMemory(`Referenced ${e}`)}addStats(){let e=this.getStatsName(),t=el(this._device),n=t?no():0,i=[this._device.statsManager.getStats(ZE),this._device.statsManager.getStats(XE)],o=t1(this._device);for(let s of i)e1(s,o);for(let s of i)s.get("Resources Created").incrementCount(),s.get("Resources Active").incrementCount(),s.get(`${e}s Created`).incrementCount(),s.get(`${e}s Active`).incrementCount();t&&(t.statsBookkeepingCalls=(t.statsBookkeepingCalls||0)+1,t.statsBookkeepingTimeMs=(t.statsBookkeepingTimeMs||0)+(no()-n)),yk(this._device,e)}getStatsName(){return _k(this)}}});var de,pd=S(()=>{jt();de=class r extends fe{static INDEX=16;static VERTEX=32;static UNIFORM=64;static STORAGE=128;static INDIRECT=256;static QUERY_RESOLVE=512;static MAP_READ=1;static MAP_WRITE=2;static COPY_SRC=4;static COPY_DST=8;get[Symbol.toStringTag](){return"Buffer"}usage;indexType;updateTimestamp;constructor(e,t){let n={...t};(t.usage||0)&r.INDEX&&!t.indexType&&(t.data instanceof Uint32Array?n.indexType="uint32":t.data instanceof Uint16Array?n.indexType="uint16":t.data instanceof Uint8Array&&(n.indexType="uint8")),delete n.data,super(e,n,r.defaultProps),this.usage=n.usage||0,this.indexType=n.indexType,this.updateTimestamp=e.incrementTimestamp()}clone(e){return this.device.createBuffer({...this.props,...e})}static DEBUG_DATA_MAX_LENGTH=32;debugData=new ArrayBuffer(0);_setDebugData(e,t,n){if(!this.device.props.debug)return;let i=null,o;ArrayBuffer.isView(e)?(i=e,o=e.buffer):o=e;let s=Math.min(e?e.byteLength:n,r.DEBUG_DATA_MAX_LENGTH);if(o===null)this.debugData=new ArrayBuffer(s);else{let a=Math.min(i?.byteOffset||0,o.byteLength),c=Math.max(0,o.byteLength-a),l=Math.min(s,c);this.debugData=new Uint8Array(o,a,l).slice().buffer}}static defaultProps={...fe.defaultProps,handle:void 0,usage:0,byteLength:0,byteOffset:0,data:null,indexType:"uint16",onMapped:void 0}}});function r1(){return ry??Uint16Array}function n1(r){return!!(ry&&r===ry)}var ry,i1=S(()=>{ry=globalThis.Float16Array});function o1(r){let e=r.includes("norm"),t=!e&&!r.startsWith("float"),n=r.startsWith("s"),i=ny[r],[o,s,a]=i||["uint8 ","i32",1];return{signedType:o,primitiveType:s,byteLength:a,normalized:e,integer:t,signed:n}}function s1(r){let e=r;switch(e){case"uint8":return"unorm8";case"sint8":return"snorm8";case"uint16":return"unorm16";case"sint16":return"snorm16";default:return e}}function un(r,e){switch(e){case 1:return r;case 2:return r+r%2;default:return r+(4-r%4)%4}}function md(r){let e=ArrayBuffer.isView(r)?r.constructor:r;if(n1(e))return"float16";if(e===Uint8ClampedArray)return"uint8";let t=Object.values(ny).find(n=>e===n[4]);if(!t)throw new Error(e.name);return t[0]}function a1(r){return md(r)}function qo(r){if(r==="float16")return r1();let e=ny[r];if(!e)throw new Error(r);let[,,,,t]=e;return t}function Zo(r){return qo(r)}var ny,gd=S(()=>{i1();ny={uint8:["uint8","u32",1,!1,Uint8Array],sint8:["sint8","i32",1,!1,Int8Array],unorm8:["uint8","f32",1,!0,Uint8Array],snorm8:["sint8","f32",1,!0,Int8Array],uint16:["uint16","u32",2,!1,Uint16Array],sint16:["sint16","i32",2,!1,Int16Array],unorm16:["uint16","u32",2,!0,Uint16Array],snorm16:["sint16","i32",2,!0,Int16Array],float16:["float16","f16",2,!1,Uint16Array],float32:["float32","f32",4,!1,Float32Array],uint32:["uint32","u32",4,!1,Uint32Array],sint32:["sint32","i32",4,!1,Int32Array]}});var iy,Jt,yd=S(()=>{gd();iy=class{getDataTypeInfo(e){return o1(e)}getNormalizedDataType(e){return s1(e)}alignTo(e,t){return un(e,t)}getDataType(e){return a1(e)}getTypedArrayConstructor(e){return Zo(e)}},Jt=new iy});function xk(r,e){try{return Jt.getDataTypeInfo(e)}catch{throw new Error(`Unsupported vertex format: ${r}`)}}function vk(r,e){if(!e)return 1;let t=Number(e);if(t===2||t===3||t===4)return t;throw new Error(`Unsupported vertex format: ${r}`)}function wk(r,e,t){if(t!==3)throw new Error(`Unsupported vertex format: ${r}`);switch(e){case"uint8":case"sint8":case"unorm8":case"snorm8":case"uint16":case"sint16":case"unorm16":case"snorm16":return`${e}x3-webgl`;default:throw new Error(`Unsupported vertex format: ${r}`)}}var oy,rt,tl=S(()=>{yd();oy=class{getVertexFormatInfo(e){if(e==="unorm10-10-10-2")return{type:"unorm8",components:4,byteLength:4,integer:!1,signed:!1,normalized:!0};let t=e==="unorm8x4-bgra"?"unorm8x4":e,n;t.endsWith("-webgl")&&(t=t.slice(0,-6),n=!0);let i=t.split("x");if(i.length>2)throw new Error(`Unsupported vertex format: ${e}`);let[o,s]=i,a=o,c=vk(e,s),l=xk(e,a),f;try{f=n?wk(e,a,c):this.makeVertexFormat(l.signedType,c,l.normalized)}catch{throw new Error(`Unsupported vertex format: ${e}`)}if(f!==(n?e:t))throw new Error(`Unsupported vertex format: ${e}`);let u={type:a,components:c,byteLength:l.byteLength*c,integer:l.integer,signed:l.signed,normalized:l.normalized};return n&&(u.webglOnly=!0),u}makeVertexFormat(e,t,n){let i=n?Jt.getNormalizedDataType(e):e;switch(i){case"unorm8":return t===1?"unorm8":t===3?"unorm8x3-webgl":`${i}x${t}`;case"snorm8":return t===1?"snorm8":t===3?"snorm8x3-webgl":`${i}x${t}`;case"uint8":case"sint8":if(t===3)throw new Error(`size: ${t}`);return t===1?i:`${i}x${t}`;case"uint16":return t===1?"uint16":t===3?"uint16x3-webgl":`${i}x${t}`;case"sint16":return t===1?"sint16":t===3?"sint16x3-webgl":`${i}x${t}`;case"unorm16":return t===1?"unorm16":t===3?"unorm16x3-webgl":`${i}x${t}`;case"snorm16":return t===1?"snorm16":t===3?"snorm16x3-webgl":`${i}x${t}`;case"float16":if(t===3)throw new Error(`size: ${t}`);return t===1?i:`${i}x${t}`;default:return t===1?i:`${i}x${t}`}}getVertexFormatFromAttribute(e,t,n){if(!t||t>4)throw new Error(`size ${t}`);let i=t,o=Jt.getDataType(e);return this.makeVertexFormat(o,i,n)}getCompatibleVertexFormat(e){let t;switch(e.primitiveType){case"f32":t="float32";break;case"i32":t="sint32";break;case"u32":t="uint32";break;case"f16":return e.components<=2?"float16x2":"float16x4"}return e.components===1?t:`${t}x${e.components}`}},rt=new oy});function vd(r){let e=f1[r];if(!e)throw new Error(`Unsupported texture format ${r}`);return e}function l1(){return f1}var tr,je,ii,Ek,_d,sy,bd,ay,Pk,cy,io,ly,fy,xd,c1,Sk,Tk,f1,uy=S(()=>{tr="texture-compression-bc",je="texture-compression-astc",ii="texture-compression-etc2",Ek="texture-compression-etc1-webgl",_d="texture-compression-pvrtc-webgl",sy="texture-compression-atc-webgl",bd="float32-renderable-webgl",ay="float16-renderable-webgl",Pk="rgb9e5ufloat-renderable-webgl",cy="snorm8-renderable-webgl",io="norm16-webgl",ly="norm16-renderable-webgl",fy="snorm16-renderable-webgl",xd="float32-filterable",c1="float16-filterable-webgl";Sk={r8unorm:{webgpu:527},rg8unorm:{webgpu:527},"rgb8unorm-webgl":{},rgba8unorm:{webgpu:31},"rgba8unorm-srgb":{webgpu:15},r8snorm:{render:cy,webgpu:837},rg8snorm:{render:cy,webgpu:837},"rgb8snorm-webgl":{},rgba8snorm:{render:cy,webgpu:341},r8uint:{webgpu:515},rg8uint:{webgpu:515},rgba8uint:{webgpu:19},r8sint:{webgpu:515},rg8sint:{webgpu:515},rgba8sint:{webgpu:19},bgra8unorm:{webgpu:15},"bgra8unorm-srgb":{webgpu:15360},r16unorm:{f:io,render:ly,webgpu:992},rg16unorm:{f:io,render:ly,webgpu:992},"rgb16unorm-webgl":{f:io,render:!1},rgba16unorm:{f:io,render:ly,webgpu:992},r16snorm:{f:io,render:fy,webgpu:992},rg16snorm:{f:io,render:fy,webgpu:992},"rgb16snorm-webgl":{f:io,render:!1},rgba16snorm:{f:io,render:fy,webgpu:992},r16uint:{webgpu:515},rg16uint:{webgpu:515},rgba16uint:{webgpu:19},r16sint:{webgpu:515},rg16sint:{webgpu:515},rgba16sint:{webgpu:19},r16float:{render:ay,filter:"float16-filterable-webgl",webgpu:527},rg16float:{render:ay,filter:c1,webgpu:527},rgba16float:{render:ay,filter:c1,webgpu:31},r32uint:{webgpu:19},rg32uint:{webgpu:16387},rgba32uint:{webgpu:19},r32sint:{webgpu:19},rg32sint:{webgpu:16387},rgba32sint:{webgpu:19},r32float:{render:bd,filter:xd,webgpu:19},rg32float:{render:!1,filter:xd,webgpu:16387},"rgb32float-webgl":{render:bd,filter:xd},rgba32float:{render:bd,filter:xd,webgpu:19},"rgba4unorm-webgl":{channels:"rgba",bitsPerChannel:[4,4,4,4],packed:!0},"rgb565unorm-webgl":{channels:"rgb",bitsPerChannel:[5,6,5,0],packed:!0},"rgb5a1unorm-webgl":{channels:"rgba",bitsPerChannel:[5,5,5,1],packed:!0},rgb9e5ufloat:{channels:"rgb",packed:!0,render:Pk,webgpu:5},rg11b10ufloat:{channels:"rgb",bitsPerChannel:[11,11,10,0],packed:!0,p:1,render:bd,webgpu:517},rgb10a2unorm:{channels:"rgba",bitsPerChannel:[10,10,10,2],packed:!0,p:1,webgpu:527},rgb10a2uint:{channels:"rgba",bitsPerChannel:[10,10,10,2],packed:!0,p:1,webgpu:515},stencil8:{attachment:"stencil",bitsPerChannel:[8,0,0,0],dataType:"uint8",webgpu:3},depth16unorm:{attachment:"depth",bitsPerChannel:[16,0,0,0],dataType:"uint16",webgpu:3},depth24plus:{attachment:"depth",bitsPerChannel:[24,0,0,0],dataType:"uint32",webgpu:3},depth32float:{attachment:"depth",bitsPerChannel:[32,0,0,0],dataType:"float32",webgpu:3},"depth24plus-stencil8":{attachment:"depth-stencil",bitsPerChannel:[24,8,0,0],packed:!0,webgpu:3},"depth32float-stencil8":{attachment:"depth-stencil",bitsPerChannel:[32,8,0,0],packed:!0,f:"depth32float-stencil8",webgpu:3}},Tk={"bc1-rgb-unorm-webgl":{f:tr},"bc1-rgb-unorm-srgb-webgl":{f:tr},"bc1-rgba-unorm":{f:tr},"bc1-rgba-unorm-srgb":{f:tr},"bc2-rgba-unorm":{f:tr},"bc2-rgba-unorm-srgb":{f:tr},"bc3-rgba-unorm":{f:tr},"bc3-rgba-unorm-srgb":{f:tr},"bc4-r-unorm":{f:tr},"bc4-r-snorm":{f:tr},"bc5-rg-unorm":{f:tr},"bc5-rg-snorm":{f:tr},"bc6h-rgb-ufloat":{f:tr},"bc6h-rgb-float":{f:tr},"bc7-rgba-unorm":{f:tr},"bc7-rgba-unorm-srgb":{f:tr},"etc2-rgb8unorm":{f:ii},"etc2-rgb8unorm-srgb":{f:ii},"etc2-rgb8a1unorm":{f:ii},"etc2-rgb8a1unorm-srgb":{f:ii},"etc2-rgba8unorm":{f:ii},"etc2-rgba8unorm-srgb":{f:ii},"eac-r11unorm":{f:ii},"eac-r11snorm":{f:ii},"eac-rg11unorm":{f:ii},"eac-rg11snorm":{f:ii},"astc-4x4-unorm":{f:je},"astc-4x4-unorm-srgb":{f:je},"astc-5x4-unorm":{f:je},"astc-5x4-unorm-srgb":{f:je},"astc-5x5-unorm":{f:je},"astc-5x5-unorm-srgb":{f:je},"astc-6x5-unorm":{f:je},"astc-6x5-unorm-srgb":{f:je},"astc-6x6-unorm":{f:je},"astc-6x6-unorm-srgb":{f:je},"astc-8x5-unorm":{f:je},"astc-8x5-unorm-srgb":{f:je},"astc-8x6-unorm":{f:je},"astc-8x6-unorm-srgb":{f:je},"astc-8x8-unorm":{f:je},"astc-8x8-unorm-srgb":{f:je},"astc-10x5-unorm":{f:je},"astc-10x5-unorm-srgb":{f:je},"astc-10x6-unorm":{f:je},"astc-10x6-unorm-srgb":{f:je},"astc-10x8-unorm":{f:je},"astc-10x8-unorm-srgb":{f:je},"astc-10x10-unorm":{f:je},"astc-10x10-unorm-srgb":{f:je},"astc-12x10-unorm":{f:je},"astc-12x10-unorm-srgb":{f:je},"astc-12x12-unorm":{f:je},"astc-12x12-unorm-srgb":{f:je},"pvrtc-rgb4unorm-webgl":{f:_d},"pvrtc-rgba4unorm-webgl":{f:_d},"pvrtc-rgb2unorm-webgl":{f:_d},"pvrtc-rgba2unorm-webgl":{f:_d},"etc1-rbg-unorm-webgl":{f:Ek},"atc-rgb-unorm-webgl":{f:sy},"atc-rgba-unorm-webgl":{f:sy},"atc-rgbai-unorm-webgl":{f:sy}},f1={...Sk,...Tk}});function Ik({format:r,width:e,height:t,depth:n,byteAlignment:i}){let o=wr.getInfo(r),{bytesPerPixel:s,bytesPerBlock:a=s,blockWidth:c=1,blockHeight:l=1,compressed:f=!1}=o,u=f?Math.ceil(e/c):e,d=f?Math.ceil(t/l):t,h=u*a,p=Math.ceil(h/i)*i,g=d,y=p*g*n;return{bytesPerPixel:s,bytesPerRow:p,rowsPerImage:g,depthOrArrayLayers:n,bytesPerImage:p*g,byteLength:y}}function Ok(r){let e=vd(r),t={format:r,create:e.f??!0,render:e.render??!0,filter:e.filter??!0,blend:e.blend??!0,store:e.store??!0},n=u1(r),i=r.startsWith("depth")||r.startsWith("stencil"),o=n?.signed,s=n?.integer,a=n?.webgl,c=!!n?.compressed;return t.render&&=!i&&!c,t.filter&&=!i&&!o&&!s&&!a,t}function u1(r){let e=Bk(r);if(wr.isCompressed(r)){e.channels="rgb",e.components=3,e.bytesPerPixel=1,e.srgb=!1,e.compressed=!0,e.bytesPerBlock=Dk(r);let n=kk(r);n&&(e.blockWidth=n.blockWidth,e.blockHeight=n.blockHeight)}let t=e.packed?null:Lk.exec(r);if(t){let[,n,i,o,s,a]=t,c=`${o}${i}`,l=Jt.getDataTypeInfo(c),f=l.byteLength*8,u=n?.length??1,d=[f,u>=2?f:0,u>=3?f:0,u>=4?f:0];e={format:r,attachment:e.attachment,dataType:l.signedType,components:u,channels:n,integer:l.integer,signed:l.signed,normalized:l.normalized,bitsPerChannel:d,bytesPerPixel:l.byteLength*u,packed:e.packed,srgb:e.srgb},a==="-webgl"&&(e.webgl=!0),s==="-srgb"&&(e.srgb=!0)}return r.endsWith("-webgl")&&(e.webgl=!0),r.endsWith("-srgb")&&(e.srgb=!0),e}function Bk(r){let e={...vd(r)},t=e.bytesPerPixel||1,n=e.bitsPerChannel||[8,8,8,8];return delete e.bitsPerChannel,delete e.bytesPerPixel,delete e.f,delete e.render,delete e.filter,delete e.blend,delete e.store,delete e.webgpu,{...e,format:r,attachment:e.attachment||"color",channels:e.channels||"r",components:e.components||e.channels?.length||1,bytesPerPixel:t,bitsPerChannel:n,dataType:e.dataType||"uint8",srgb:e.srgb??!1,packed:e.packed??!1,webgl:e.webgl??!1,integer:e.integer??!1,signed:e.signed??!1,normalized:e.normalized??!1,compressed:e.compressed??!1}}function kk(r){let t=/.*-(\d+)x(\d+)-.*/.exec(r);if(t){let[,n,i]=t;return{blockWidth:Number(n),blockHeight:Number(i)}}return r.startsWith("bc")||r.startsWith("etc1")||r.startsWith("etc2")||r.startsWith("eac")||r.startsWith("atc")?{blockWidth:4,blockHeight:4}:r.startsWith("pvrtc-rgb4")||r.startsWith("pvrtc-rgba4")?{blockWidth:4,blockHeight:4}:r.startsWith("pvrtc-rgb2")||r.startsWith("pvrtc-rgba2")?{blockWidth:8,blockHeight:4}:null}function Dk(r){return r.startsWith("bc1")||r.startsWith("bc4")||r.startsWith("etc1")||r.startsWith("etc2-rgb8")||r.startsWith("etc2-rgb8a1")||r.startsWith("eac-r11")||r==="atc-rgb-unorm-webgl"?8:r.startsWith("bc2")||r.startsWith("bc3")||r.startsWith("bc5")||r.startsWith("bc6h")||r.startsWith("bc7")||r.startsWith("etc2-rgba8")||r.startsWith("eac-rg11")||r.startsWith("astc")||r==="atc-rgba-unorm-webgl"||r==="atc-rgbai-unorm-webgl"?16:r.startsWith("pvrtc")?8:16}var Lk,Ak,Ck,Mk,Rk,dy,wr,wd=S(()=>{yd();uy();Lk=/^(r|rg|rgb|rgba|bgra)([0-9]*)([a-z]*)(-srgb)?(-webgl)?$/,Ak=["rgb","rgba","bgra"],Ck=["depth","stencil"],Mk=5,Rk=["bc1","bc2","bc3","bc4","bc5","bc6","bc7","etc1","etc2","eac","atc","astc","pvrtc"],dy=class{isColor(e){return Ak.some(t=>e.startsWith(t))}isDepthStencil(e){return Ck.some(t=>e.startsWith(t))}isCompressed(e){return Rk.some(t=>e.startsWith(t))}getInfo(e){return u1(e)}getCapabilities(e){return Ok(e)}getWebGPUCapabilities(e){let t=vd(e);return t.webgpu!==void 0?t.webgpu:this.isCompressed(e)&&!e.endsWith("-webgl")?Mk:0}computeMemoryLayout(e){return Ik(e)}},wr=new dy});function d1(r){return typeof ImageData<"u"&&r instanceof ImageData||typeof ImageBitmap<"u"&&r instanceof ImageBitmap||typeof HTMLImageElement<"u"&&r instanceof HTMLImageElement||typeof HTMLVideoElement<"u"&&r instanceof HTMLVideoElement||typeof VideoFrame<"u"&&r instanceof VideoFrame||typeof HTMLCanvasElement<"u"&&r instanceof HTMLCanvasElement||typeof OffscreenCanvas<"u"&&r instanceof OffscreenCanvas}function h1(r){if(typeof ImageData<"u"&&r instanceof ImageData||typeof ImageBitmap<"u"&&r instanceof ImageBitmap||typeof HTMLCanvasElement<"u"&&r instanceof HTMLCanvasElement||typeof OffscreenCanvas<"u"&&r instanceof OffscreenCanvas)return{width:r.width,height:r.height};if(typeof HTMLImageElement<"u"&&r instanceof HTMLImageElement)return{width:r.naturalWidth,height:r.naturalHeight};if(typeof HTMLVideoElement<"u"&&r instanceof HTMLVideoElement)return{width:r.videoWidth,height:r.videoHeight};if(typeof VideoFrame<"u"&&r instanceof VideoFrame)return{width:r.displayWidth,height:r.displayHeight};throw new Error("Unknown image type")}var p1=S(()=>{});function Nk(r,e){let t=hy(r),n=e.map(hy).filter(i=>i!==void 0);return[t,...n].filter(i=>i!==void 0)}function hy(r){if(r!==void 0){if(r===null||typeof r=="string"||typeof r=="number"||typeof r=="boolean")return r;if(r instanceof Error)return r.message;if(Array.isArray(r))return r.map(hy);if(typeof r=="object"){if(Fk(r)){let e=String(r);if(e!=="[object Object]")return e}return Uk(r)?zk(r):r.constructor?.name||"Object"}return String(r)}}function Fk(r){return"toString"in r&&typeof r.toString=="function"&&r.toString!==Object.prototype.toString}function Uk(r){return"message"in r&&"type"in r}function zk(r){let e=typeof r.type=="string"?r.type:"message",t=typeof r.message=="string"?r.message:"",n=typeof r.lineNum=="number"?r.lineNum:null,i=typeof r.linePos=="number"?r.linePos:null,o=n!==null&&i!==null?` @ ${n}:${i}`:n!==null?` @ ${n}`:"";return`${e}${o}: ${t}`.trim()}function py(){if(typeof HTMLCanvasElement>"u")return!1;let r=HTMLCanvasElement.prototype;return"layoutSubtree"in r&&typeof r.requestPaint=="function"}var rl,nl,Ii,m1=S(()=>{Jg();vr();ga();pd();tl();wd();p1();uy();Kg();rl=class{};nl=class{features;disabledFeatures;constructor(e=[],t){this.features=new Set(e),this.disabledFeatures=t||{}}*[Symbol.iterator](){yield*this.features}has(e){return!this.disabledFeatures?.[e]&&this.features.has(e)}};Ii=class r{static defaultProps={...ud};get[Symbol.toStringTag](){return"Device"}toString(){return`Device(${this.id})`}toJSON(){return this.toString()}id;props;userData={};statsManager=dd;_factories={};timestamp=0;_reused=!1;_moduleData={};wgslLanguageFeatures=new Set;_textureCaps={};_debugGPUTimeQuery=null;constructor(e){this.props={...r.defaultProps,...e},this.id=this.props.id||ni(this[Symbol.toStringTag].toLowerCase())}getVertexFormatInfo(e){return rt.getVertexFormatInfo(e)}isVertexFormatSupported(e){return!0}getTextureFormatInfo(e){return wr.getInfo(e)}getTextureFormatCapabilities(e){let t=this._textureCaps[e];if(!t){let n=this._getDeviceTextureFormatCapabilities(e);t=this._getDeviceSpecificTextureFormatCapabilities(n),this._textureCaps[e]=t}return t}getMipLevelCount(e,t,n=1){let i=Math.max(e,t,n);return 1+Math.floor(Math.log2(i))}isExternalImage(e){return d1(e)}getExternalImageSize(e){return h1(e)}isTextureFormatSupported(e){return this.getTextureFormatCapabilities(e).create}isTextureFormatFilterable(e){return this.getTextureFormatCapabilities(e).filter}isTextureFormatRenderable(e){return this.getTextureFormatCapabilities(e).render}isTextureFormatCompressed(e){return wr.isCompressed(e)}getSupportedCompressedTextureFormats(){let e=[];for(let t of Object.keys(l1()))this.isTextureFormatCompressed(t)&&this.isTextureFormatSupported(t)&&e.push(t);return e}pushDebugGroup(e){this.commandEncoder.pushDebugGroup(e)}popDebugGroup(){this.commandEncoder?.popDebugGroup()}insertDebugMarker(e){this.commandEncoder?.insertDebugMarker(e)}loseDevice(){return!1}incrementTimestamp(){return this.timestamp++}reportError(e,t,...n){if(!this.props.onError(e,t)){let o=Nk(t,n);return k.error(this.type==="webgl"?"%cWebGL":"%cWebGPU","color: white; background: red; padding: 2px 6px; border-radius: 3px;",e.message,...o)}return()=>{}}debug(){if(this.props.debug)debugger;else k.once(0,`'Type luma.log.set({debug: true}) in console to enable debug breakpoints',
or create a device with the 'debug: true' prop.`)()}getDefaultCanvasContext(){if(!this.canvasContext)throw new Error("Device has no default CanvasContext. See props.createCanvasContext");return this.canvasContext}createFence(){throw new Error("createFence() not implemented")}beginRenderPass(e){return this.commandEncoder.beginRenderPass(e)}beginComputePass(e){return this.commandEncoder.beginComputePass(e)}writeBufferViaCommandEncoder(e,t,n,i=0){throw new Error("writeBufferViaCommandEncoder() not implemented")}generateMipmapsWebGPU(e){throw new Error("not implemented")}_createSharedRenderPipelineWebGL(e){throw new Error("_createSharedRenderPipelineWebGL() not implemented")}_createBindGroupLayoutWebGPU(e,t){throw new Error("_createBindGroupLayoutWebGPU() not implemented")}_createBindGroupWebGPU(e,t,n,i,o){throw new Error("_createBindGroupWebGPU() not implemented")}_supportsDebugGPUTime(){return this.features.has("timestamp-query")&&!!(this.props.debug||this.props.debugGPUTime)}_enableDebugGPUTime(e=256){if(!this._supportsDebugGPUTime())return null;if(this._debugGPUTimeQuery)return this._debugGPUTimeQuery;try{this._debugGPUTimeQuery=this.createQuerySet({type:"timestamp",count:e}),this.commandEncoder=this.createCommandEncoder({id:this.commandEncoder.props.id,timeProfilingQuerySet:this._debugGPUTimeQuery})}catch{this._debugGPUTimeQuery=null}return this._debugGPUTimeQuery}_disableDebugGPUTime(){this._debugGPUTimeQuery&&(this.commandEncoder.getTimeProfilingQuerySet()===this._debugGPUTimeQuery&&(this.commandEncoder=this.createCommandEncoder({id:this.commandEncoder.props.id})),this._debugGPUTimeQuery.destroy(),this._debugGPUTimeQuery=null)}_isDebugGPUTimeEnabled(){return this._debugGPUTimeQuery!==null}getCanvasContext(){return this.getDefaultCanvasContext()}readPixelsToArrayWebGL(e,t){throw new Error("not implemented")}readPixelsToBufferWebGL(e,t){throw new Error("not implemented")}setParametersWebGL(e){throw new Error("not implemented")}getParametersWebGL(e){throw new Error("not implemented")}withParametersWebGL(e,t){throw new Error("not implemented")}clearWebGL(e){throw new Error("not implemented")}resetWebGL(){throw new Error("not implemented")}getModuleData(e){return this._moduleData[e]||={},this._moduleData[e]}static _getCanvasContextProps(e){return e.createCanvasContext===!0?{}:e.createCanvasContext}_getDeviceTextureFormatCapabilities(e){let t=wr.getCapabilities(e),n=o=>(typeof o=="string"?this.features.has(o):o)??!0,i=n(t.create);return{format:e,create:i,render:i&&n(t.render),filter:i&&n(t.filter),blend:i&&n(t.blend),store:i&&n(t.store)}}_normalizeBufferProps(e){(e instanceof ArrayBuffer||ArrayBuffer.isView(e))&&(e={data:e});let t={...e};if((e.usage||0)&de.INDEX&&(e.indexType||(e.data instanceof Uint32Array?t.indexType="uint32":e.data instanceof Uint16Array?t.indexType="uint16":e.data instanceof Uint8Array&&(t.data=new Uint16Array(e.data),t.indexType="uint16")),!t.indexType))throw new Error("indices buffer content must be of type uint16 or uint32");return t}}});var Ed,g1=S(()=>{Ed=class{props;_resizeObserver;_intersectionObserver;_observeDevicePixelRatioTimeout=null;_observeDevicePixelRatioMediaQuery=null;_handleDevicePixelRatioChange=()=>this._refreshDevicePixelRatio();_trackPositionInterval=null;_started=!1;get started(){return this._started}constructor(e){this.props=e}start(){if(this._started||!this.props.canvas)return;this._started=!0,this._intersectionObserver||=new IntersectionObserver(t=>this.props.onIntersection(t)),this._resizeObserver||=new ResizeObserver(t=>this.props.onResize(t)),this._intersectionObserver.observe(this.props.canvas);let e=this.props.resizeObserverBox;try{this._resizeObserver.observe(this.props.canvas,{box:e})}catch{this._resizeObserver.observe(this.props.canvas,{box:"content-box"})}this._observeDevicePixelRatioTimeout=setTimeout(()=>this._refreshDevicePixelRatio(),0),this.props.trackPosition&&this._trackPosition()}stop(){this._started&&(this._started=!1,this._observeDevicePixelRatioTimeout&&(clearTimeout(this._observeDevicePixelRatioTimeout),this._observeDevicePixelRatioTimeout=null),this._observeDevicePixelRatioMediaQuery&&(this._observeDevicePixelRatioMediaQuery.removeEventListener("change",this._handleDevicePixelRatioChange),this._observeDevicePixelRatioMediaQuery=null),this._trackPositionInterval&&(clearInterval(this._trackPositionInterval),this._trackPositionInterval=null),this._resizeObserver?.disconnect(),this._intersectionObserver?.disconnect())}_refreshDevicePixelRatio(){this._started&&(this.props.onDevicePixelRatioChange(),this._observeDevicePixelRatioMediaQuery?.removeEventListener("change",this._handleDevicePixelRatioChange),this._observeDevicePixelRatioMediaQuery=matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`),this._observeDevicePixelRatioMediaQuery.addEventListener("change",this._handleDevicePixelRatioChange,{once:!0}))}_trackPosition(e=100){this._trackPositionInterval||(this._trackPositionInterval=setInterval(()=>{this._started?this.props.onPositionChange():this._trackPositionInterval&&(clearInterval(this._trackPositionInterval),this._trackPositionInterval=null)},e))}}});function y1(){let r,e;return{promise:new Promise((n,i)=>{r=n,e=i}),resolve:r,reject:e}}var _1=S(()=>{});function oo(r,e){if(!r){let t=new Error(e??"luma.gl assertion failed.");throw Error.captureStackTrace?.(t,oo),t}}function so(r,e){return oo(r,e),r}var my=S(()=>{});function Gk(r){if(typeof r=="string"){let e=document.getElementById(r);if(!e)throw new Error(`${r} is not an HTML element`);return e}return r||document.body}function $k(r){let e=document.getElementById(r);if(!ao.isHTMLCanvas(e))throw new Error("Object is not a canvas element");return e}function Vk(r){let{width:e,height:t}=r,n=document.createElement("canvas");n.id=ni("lumagl-auto-created-canvas"),n.width=e||1,n.height=t||1,n.style.width=Number.isFinite(e)?`${e}px`:"100%",n.style.height=Number.isFinite(t)?`${t}px`:"100%",r?.visible||(n.style.visibility="hidden");let i=Gk(r?.container||null);return i.insertBefore(n,i.firstChild),n}function Wk(r,e,t,n,i){let o=r,s=b1(o[0],e,t),a=x1(o[1],e,n,i),c=b1(o[0]+1,e,t),l=c===t-1?c:c-1;c=x1(o[1]+1,e,n,i);let f;return i?(c=c===0?c:c+1,f=a,a=c):f=c===n-1?c:c-1,{x:s,y:a,width:Math.max(l-s+1,1),height:Math.max(f-a+1,1)}}function b1(r,e,t){return Math.min(Math.round(r*e),t-1)}function x1(r,e,t,n){return n?Math.max(0,t-1-Math.round(r*e)):Math.min(Math.round(r*e),t-1)}var ao,gy=S(()=>{Go();g1();ga();_1();my();ao=class r{static isHTMLCanvas(e){return typeof HTMLCanvasElement<"u"&&e instanceof HTMLCanvasElement}static isOffscreenCanvas(e){return typeof OffscreenCanvas<"u"&&e instanceof OffscreenCanvas}static defaultProps={id:void 0,canvas:null,width:800,height:600,useDevicePixels:!0,pixelSizeSource:"exact",autoResize:!0,container:null,visible:!0,alphaMode:"opaque",colorSpace:"srgb",colorFormat:void 0,toneMapping:"standard",trackPosition:!1};id;props;canvas;htmlCanvas;offscreenCanvas;type;initialized;isInitialized=!1;isVisible=!0;cssWidth;cssHeight;devicePixelRatio;devicePixelWidth;devicePixelHeight;drawingBufferWidth;drawingBufferHeight;_initializedResolvers=y1();_canvasObserver;_position=[0,0];destroyed=!1;_needsDrawingBufferResize=!0;_configuredDrawingBufferSize=[0,0];toString(){return`${this[Symbol.toStringTag]}(${this.id})`}constructor(e){this.props={...r.defaultProps,...e},e=this.props,this.initialized=this._initializedResolvers.promise,jr()?e.canvas?typeof e.canvas=="string"?this.canvas=$k(e.canvas):this.canvas=e.canvas:this.canvas=Vk(e):this.canvas={width:e.width||1,height:e.height||1},r.isHTMLCanvas(this.canvas)?(this.id=e.id||this.canvas.id,this.type="html-canvas",this.htmlCanvas=this.canvas):r.isOffscreenCanvas(this.canvas)?(this.id=e.id||"offscreen-canvas",this.type="offscreen-canvas",this.offscreenCanvas=this.canvas):(this.id=e.id||"node-canvas-context",this.type="node"),this.cssWidth=this.htmlCanvas?.clientWidth||this.canvas.width,this.cssHeight=this.htmlCanvas?.clientHeight||this.canvas.height,this.devicePixelWidth=this.canvas.width,this.devicePixelHeight=this.canvas.height,this.drawingBufferWidth=this.canvas.width,this.drawingBufferHeight=this.canvas.height,this._configuredDrawingBufferSize=[this.canvas.width,this.canvas.height],this.devicePixelRatio=globalThis.devicePixelRatio||1,this._position=[0,0],this._canvasObserver=new Ed({canvas:this.htmlCanvas,trackPosition:this.props.trackPosition,resizeObserverBox:this.props.pixelSizeSource==="css-dpr"?"content-box":"device-pixel-content-box",onResize:t=>this._handleResize(t),onIntersection:t=>this._handleIntersection(t),onDevicePixelRatioChange:()=>this._observeDevicePixelRatio(),onPositionChange:()=>this.updatePosition()})}destroy(){this.destroyed||(this.destroyed=!0,this._stopObservers(),this.device=null)}setProps(e){return"useDevicePixels"in e&&(this.props.useDevicePixels=e.useDevicePixels||!1,this._updateDrawingBufferSize()),this}getCurrentFramebuffer(e){return this._resizeDrawingBufferIfNeeded(),this._getCurrentFramebuffer(e)}getCSSSize(){return[this.cssWidth,this.cssHeight]}getPosition(){return this._position}getDevicePixelSize(){return[this.devicePixelWidth,this.devicePixelHeight]}getDrawingBufferSize(){return[this.drawingBufferWidth,this.drawingBufferHeight]}getMaxDrawingBufferSize(){let e=this.device.limits.maxTextureDimension2D;return[e,e]}setDrawingBufferSize(e,t){e=Math.floor(e),t=Math.floor(t),!(this.drawingBufferWidth===e&&this.drawingBufferHeight===t)&&(this.drawingBufferWidth=e,this.drawingBufferHeight=t,this._needsDrawingBufferResize=!0)}getDevicePixelRatio(){return typeof window<"u"&&window.devicePixelRatio||1}cssToDevicePixels(e,t=!0){let n=this.cssToDeviceRatio(),[i,o]=this.getDrawingBufferSize();return Wk(e,n,i,o,t)}getPixelSize(){return this.getDevicePixelSize()}getAspect(){let[e,t]=this.getDrawingBufferSize();return e>0&&t>0?e/t:1}cssToDeviceRatio(){try{let[e]=this.getDrawingBufferSize(),[t]=this.getCSSSize();return t?e/t:1}catch{return 1}}resize(e){this.setDrawingBufferSize(e.width,e.height)}_setAutoCreatedCanvasId(e){this.htmlCanvas?.id==="lumagl-auto-created-canvas"&&(this.htmlCanvas.id=e)}_startObservers(){this.destroyed||this._canvasObserver.start()}_stopObservers(){this._canvasObserver.stop()}_handleIntersection(e){if(this.destroyed)return;let t=e.find(i=>i.target===this.canvas);if(!t)return;let n=t.isIntersecting;this.isVisible!==n&&(this.isVisible=n,this.device.props.onVisibilityChange(this))}_handleResize(e){if(this.destroyed)return;let t=e.find(o=>o.target===this.canvas);if(!t)return;let n=so(t.contentBoxSize?.[0]);this.cssWidth=n.inlineSize,this.cssHeight=n.blockSize;let i=this.getDevicePixelSize();this._setDevicePixelSize(this._getDevicePixelSizeFromResizeEntry(t)),this._updateDrawingBufferSize(),this.device.props.onResize(this,{oldPixelSize:i})}_updateDrawingBufferSize(){if(this.props.autoResize)if(typeof this.props.useDevicePixels=="number"){let e=this.props.useDevicePixels;this.setDrawingBufferSize(this.cssWidth*e,this.cssHeight*e)}else this.props.useDevicePixels?this.setDrawingBufferSize(this.devicePixelWidth,this.devicePixelHeight):this.setDrawingBufferSize(this.cssWidth,this.cssHeight);this._initializedResolvers.resolve(),this.isInitialized=!0,this.updatePosition()}_getDevicePixelSizeFromResizeEntry(e){let t=so(e.contentBoxSize?.[0]);return this.props.pixelSizeSource==="css-dpr"?this._getDevicePixelSizeFromCSSSize(t.inlineSize,t.blockSize):{devicePixelWidth:e.devicePixelContentBoxSize?.[0]?.inlineSize||t.inlineSize*devicePixelRatio,devicePixelHeight:e.devicePixelContentBoxSize?.[0]?.blockSize||t.blockSize*devicePixelRatio}}_getDevicePixelSizeFromCSSSize(e,t){let n=this.getDevicePixelRatio();return{devicePixelWidth:Math.floor(e*n),devicePixelHeight:Math.floor(t*n)}}_setDevicePixelSize({devicePixelWidth:e,devicePixelHeight:t}){let[n,i]=this.getMaxDrawingBufferSize();this.devicePixelWidth=Math.max(1,Math.min(e,n)),this.devicePixelHeight=Math.max(1,Math.min(t,i))}_resizeDrawingBufferIfNeeded(){if(this._needsDrawingBufferResize){this._needsDrawingBufferResize=!1,(this.drawingBufferWidth!==this.canvas.width||this.drawingBufferHeight!==this.canvas.height)&&(this.canvas.width=this.drawingBufferWidth,this.canvas.height=this.drawingBufferHeight);let[t,n]=this._configuredDrawingBufferSize;(this.drawingBufferWidth!==t||this.drawingBufferHeight!==n)&&(this._configureDevice(),this._configuredDrawingBufferSize=[this.drawingBufferWidth,this.drawingBufferHeight])}}_observeDevicePixelRatio(){if(this.destroyed||!this._canvasObserver.started)return;let e=this.devicePixelRatio;if(this.devicePixelRatio=window.devicePixelRatio,this.props.pixelSizeSource==="css-dpr"){let t=this.getDevicePixelSize();this._setDevicePixelSize(this._getDevicePixelSizeFromCSSSize(this.cssWidth,this.cssHeight)),this._updateDrawingBufferSize(),this.device.props.onResize(this,{oldPixelSize:t})}this.updatePosition(),this.device.props.onDevicePixelRatioChange?.(this,{oldRatio:e})}updatePosition(){if(this.destroyed)return;let e=this.htmlCanvas?.getBoundingClientRect();if(e){let t=[e.left,e.top];if(this._position??=t,t[0]!==this._position[0]||t[1]!==this._position[1]){let i=this._position;this._position=t,this.device.props.onPositionChange?.(this,{oldPosition:i})}}}}});var il,v1=S(()=>{gy();il=class extends ao{static defaultProps=ao.defaultProps}});var ol,w1=S(()=>{gy();ol=class extends ao{}});var Xo,yy=S(()=>{jt();Xo=class r extends fe{static defaultProps={...fe.defaultProps,type:"color-sampler",addressModeU:"clamp-to-edge",addressModeV:"clamp-to-edge",addressModeW:"clamp-to-edge",magFilter:"nearest",minFilter:"nearest",mipmapFilter:"none",lodMinClamp:0,lodMaxClamp:32,compare:"less-equal",maxAnisotropy:1};get[Symbol.toStringTag](){return"Sampler"}constructor(e,t){t=r.normalizeProps(e,t),super(e,t,r.defaultProps)}static normalizeProps(e,t){return t}}});var jk,Ie,_y=S(()=>{jt();yy();vr();wd();jk={"1d":"1d","2d":"2d","2d-array":"2d",cube:"2d","cube-array":"2d","3d":"3d"},Ie=class r extends fe{static SAMPLE=4;static STORAGE=8;static RENDER=16;static COPY_SRC=1;static COPY_DST=2;static TEXTURE=4;static RENDER_ATTACHMENT=16;dimension;baseDimension;format;width;height;depth;mipLevels;samples;byteAlignment;ready=Promise.resolve(this);isReady=!0;updateTimestamp;get[Symbol.toStringTag](){return"Texture"}toString(){return`Texture(${this.id},${this.format},${this.width}x${this.height})`}constructor(e,t,n){if(t=r.normalizeProps(e,t),super(e,t,r.defaultProps),this.dimension=this.props.dimension,this.baseDimension=jk[this.dimension],this.format=this.props.format,this.width=this.props.width,this.height=this.props.height,this.depth=this.props.depth,this.mipLevels=this.props.mipLevels,this.samples=this.props.samples||1,this.dimension==="cube"&&(this.depth=6),this.props.width===void 0||this.props.height===void 0)if(e.isExternalImage(t.data)){let i=e.getExternalImageSize(t.data);this.width=i?.width||1,this.height=i?.height||1}else this.width=1,this.height=1,(this.props.width===void 0||this.props.height===void 0)&&k.warn(`${this} created with undefined width or height. This is deprecated. Use DynamicTexture instead.`)();this.byteAlignment=n?.byteAlignment||1,this.updateTimestamp=e.incrementTimestamp()}clone(e){return this.device.createTexture({...this.props,...e})}setSampler(e){this.sampler=e instanceof Xo?e:this.device.createSampler(e)}copyImageData(e){let{data:t,depth:n,...i}=e;this.writeData(t,{...i,depthOrArrayLayers:i.depthOrArrayLayers??n})}computeMemoryLayout(e={}){let t=this._normalizeTextureReadOptions(e),{width:n=this.width,height:i=this.height,depthOrArrayLayers:o=this.depth}=t,{format:s,byteAlignment:a}=this;return wr.computeMemoryLayout({format:s,width:n,height:i,depth:o,byteAlignment:a})}readBuffer(e,t){throw new Error("readBuffer not implemented")}readDataAsync(e){throw new Error("readBuffer not implemented")}writeBuffer(e,t){throw new Error("readBuffer not implemented")}writeData(e,t){throw new Error("readBuffer not implemented")}readDataSyncWebGL(e){throw new Error("readDataSyncWebGL not available")}generateMipmapsWebGL(){throw new Error("generateMipmapsWebGL not available")}static normalizeProps(e,t){let n={...t},{width:i,height:o}=n;return typeof i=="number"&&(n.width=Math.max(1,Math.ceil(i))),typeof o=="number"&&(n.height=Math.max(1,Math.ceil(o))),n}_initializeData(e){this.device.isExternalImage(e)?this.copyExternalImage({image:e,width:this.width,height:this.height,depth:this.depth,mipLevel:0,x:0,y:0,z:0,aspect:"all",colorSpace:"srgb",premultipliedAlpha:!1,flipY:!1}):e&&this.copyImageData({data:e,mipLevel:0,x:0,y:0,z:0,aspect:"all"})}_normalizeCopyImageDataOptions(e){let{data:t,depth:n,...i}=e,o=this._normalizeTextureWriteOptions({...i,depthOrArrayLayers:i.depthOrArrayLayers??n});return{data:t,depth:o.depthOrArrayLayers,...o}}_normalizeCopyExternalImageOptions(e){let t=r._omitUndefined(e),n=t.mipLevel??0,i=this._getMipLevelSize(n),o=this.device.getExternalImageSize(e.image),s={...r.defaultCopyExternalImageOptions,...i,...o,...t};return s.width=Math.min(s.width,i.width-s.x),s.height=Math.min(s.height,i.height-s.y),s.depth=Math.min(s.depth,i.depthOrArrayLayers-s.z),s}_normalizeCopyElementImageOptions(e){let t=r._omitUndefined(e),n=t.mipLevel??0,i=this._getMipLevelSize(n),o={...r.defaultCopyElementImageOptions,...i,...t};return o.width=Math.min(o.width,i.width-o.x),o.height=Math.min(o.height,i.height-o.y),o.depth=Math.min(o.depth,i.depthOrArrayLayers-o.z),o}_normalizeTextureReadOptions(e){let t=r._omitUndefined(e),n=t.mipLevel??0,i=this._getMipLevelSize(n),o={...r.defaultTextureReadOptions,...i,...t};return o.width=Math.min(o.width,i.width-o.x),o.height=Math.min(o.height,i.height-o.y),o.depthOrArrayLayers=Math.min(o.depthOrArrayLayers,i.depthOrArrayLayers-o.z),o}_getSupportedColorReadOptions(e){let t=this._normalizeTextureReadOptions(e),n=wr.getInfo(this.format);switch(this._validateColorReadAspect(t),this._validateColorReadFormat(n),this.dimension){case"2d":case"cube":case"cube-array":case"2d-array":case"3d":return t;default:throw new Error(`${this} color readback does not support ${this.dimension} textures`)}}_validateColorReadAspect(e){if(e.aspect!=="all")throw new Error(`${this} color readback only supports aspect 'all'`)}_validateColorReadFormat(e){if(e.compressed)throw new Error(`${this} color readback does not support compressed formats (${this.format})`);switch(e.attachment){case"color":return;case"depth":throw new Error(`${this} color readback does not support depth formats (${this.format})`);case"stencil":throw new Error(`${this} color readback does not support stencil formats (${this.format})`);case"depth-stencil":throw new Error(`${this} color readback does not support depth-stencil formats (${this.format})`);default:throw new Error(`${this} color readback does not support format ${this.format}`)}}_normalizeTextureWriteOptions(e){let t=r._omitUndefined(e),n=t.mipLevel??0,i=this._getMipLevelSize(n),o={...r.defaultTextureWriteOptions,...i,...t};o.width=Math.min(o.width,i.width-o.x),o.height=Math.min(o.height,i.height-o.y),o.depthOrArrayLayers=Math.min(o.depthOrArrayLayers,i.depthOrArrayLayers-o.z);let s=wr.computeMemoryLayout({format:this.format,width:o.width,height:o.height,depth:o.depthOrArrayLayers,byteAlignment:this.byteAlignment}),a=s.bytesPerPixel*o.width;if(o.bytesPerRow=t.bytesPerRow??s.bytesPerRow,o.rowsPerImage=t.rowsPerImage??o.height,o.bytesPerRow<a)throw new Error(`bytesPerRow (${o.bytesPerRow}) must be at least ${a} for ${this.format}`);if(o.rowsPerImage<o.height)throw new Error(`rowsPerImage (${o.rowsPerImage}) must be at least ${o.height} for ${this.format}`);let c=this.device.getTextureFormatInfo(this.format).bytesPerPixel;if(c&&o.bytesPerRow%c!==0)throw new Error(`bytesPerRow (${o.bytesPerRow}) must be a multiple of bytesPerPixel (${c}) for ${this.format}`);return o}_getMipLevelSize(e){let t=Math.max(1,this.width>>e),n=this.baseDimension==="1d"?1:Math.max(1,this.height>>e),i=this.dimension==="3d"?Math.max(1,this.depth>>e):this.depth;return{width:t,height:n,depthOrArrayLayers:i}}getAllocatedByteLength(){let e=0;for(let t=0;t<this.mipLevels;t++){let{width:n,height:i,depthOrArrayLayers:o}=this._getMipLevelSize(t);e+=wr.computeMemoryLayout({format:this.format,width:n,height:i,depth:o,byteAlignment:1}).byteLength}return e*this.samples}static _omitUndefined(e){return Object.fromEntries(Object.entries(e).filter(([,t])=>t!==void 0))}static defaultProps={...fe.defaultProps,data:null,dimension:"2d",format:"rgba8unorm",usage:r.SAMPLE|r.RENDER|r.COPY_DST,width:void 0,height:void 0,depth:1,mipLevels:1,samples:void 0,sampler:{},view:void 0};static defaultCopyDataOptions={data:void 0,byteOffset:0,bytesPerRow:void 0,rowsPerImage:void 0,width:void 0,height:void 0,depthOrArrayLayers:void 0,depth:1,mipLevel:0,x:0,y:0,z:0,aspect:"all"};static defaultCopyExternalImageOptions={image:void 0,sourceX:0,sourceY:0,width:void 0,height:void 0,depth:1,mipLevel:0,x:0,y:0,z:0,aspect:"all",colorSpace:"srgb",premultipliedAlpha:!1,flipY:!1};static defaultCopyElementImageOptions={element:void 0,width:void 0,height:void 0,sourceX:0,sourceY:0,sourceWidth:void 0,sourceHeight:void 0,depth:1,mipLevel:0,x:0,y:0,z:0,aspect:"all",colorSpace:"srgb",premultipliedAlpha:!1,flipY:!1};static defaultTextureReadOptions={x:0,y:0,z:0,width:void 0,height:void 0,depthOrArrayLayers:1,mipLevel:0,aspect:"all"};static defaultTextureWriteOptions={byteOffset:0,bytesPerRow:void 0,rowsPerImage:void 0,x:0,y:0,z:0,width:void 0,height:void 0,depthOrArrayLayers:1,mipLevel:0,aspect:"all"}}});var Ko,E1=S(()=>{jt();Ko=class r extends fe{get[Symbol.toStringTag](){return"TextureView"}constructor(e,t){super(e,t,r.defaultProps)}static defaultProps={...fe.defaultProps,format:void 0,dimension:void 0,aspect:"all",baseMipLevel:0,mipLevelCount:void 0,baseArrayLayer:0,arrayLayerCount:void 0}}});var sl,P1=S(()=>{jt();sl=class r extends fe{width;height;updateTimestamp;get[Symbol.toStringTag](){return"ExternalTexture"}constructor(e,t){super(e,t,r.defaultProps);let n=this.props.source?e.getExternalImageSize(this.props.source):null;this.width=this.props.width||n?.width||0,this.height=this.props.height||n?.height||0,this.updateTimestamp=e.incrementTimestamp()}static defaultProps={...fe.defaultProps,source:void 0,width:0,height:0,colorSpace:"srgb",sampler:{}}}});function S1(r,e,t){let n="",i=e.split(/\r?\n/),o=r.slice().sort((s,a)=>s.lineNum-a.lineNum);switch(t?.showSourceCode||"no"){case"all":let s=0;for(let a=1;a<=i.length;a++){let c=i[a-1],l=o[s];for(c&&l&&(n+=T1(c,a,t));o.length>s&&l.lineNum===a;){let f=o[s++];f&&(n+=by(f,i,f.lineNum,{...t,inlineSource:!1}))}}for(;o.length>s;){let a=o[s++];a&&(n+=by(a,[],0,{...t,inlineSource:!1}))}return n;case"issues":case"no":for(let a of r)n+=by(a,i,a.lineNum,{inlineSource:t?.showSourceCode!=="no"});return n}}function by(r,e,t,n){if(n?.inlineSource){let o=Hk(e,t),s=r.linePos>0?`${" ".repeat(r.linePos+5)}^^^
`:"";return`
${o}${s}${r.type.toUpperCase()}: ${r.message}

`}let i=r.type==="error"?"red":"orange";return n?.html?`<div class='luma-compiler-log-${r.type}' style="color:${i};"><b> ${r.type.toUpperCase()}: ${r.message}</b></div>`:`${r.type.toUpperCase()}: ${r.message}`}function Hk(r,e,t){let n="";for(let i=e-2;i<=e;i++){let o=r[i-1];o!==void 0&&(n+=T1(o,e,t))}return n}function T1(r,e,t){let n=t?.html?qk(r):r;return`${Yk(String(e),4)}: ${n}${t?.html?"<br/>":`
`}`}function Yk(r,e){let t="";for(let n=r.length;n<e;++n)t+=" ";return t+r}function qk(r){return r.replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll(">","&gt;").replaceAll('"',"&quot;").replaceAll("'","&#039;")}var L1=S(()=>{});function Zk(r){return Xk(r.source)||r.id||ni(`unnamed ${r.stage}-shader`)}function Xk(r,e="unnamed"){return/#define[\s*]SHADER_NAME[\s*]([A-Za-z0-9_-]+)[\s*]/.exec(r)?.[1]??e}var Qo,xy=S(()=>{jt();vr();ga();L1();Qo=class r extends fe{get[Symbol.toStringTag](){return"Shader"}stage;source;compilationStatus="pending";constructor(e,t){t={...t,debugShaders:t.debugShaders||e.props.debugShaders||"errors"},super(e,{id:Zk(t),...t},r.defaultProps),this.stage=this.props.stage,this.source=this.props.source}getCompilationInfoSync(){return null}getTranslatedSource(){return null}async debugShader(){let e=this.props.debugShaders;switch(e){case"never":return;case"errors":if(this.compilationStatus==="success")return;break;case"warnings":case"always":break}try{let t=await this.getCompilationInfo();if(e==="warnings"&&t?.length===0)return;this._displayShaderLog(t,this.id)}catch(t){k.warn(`Shader ${this.id}: failed to fetch compilation info during debug logging`,t)()}}_displayShaderLog(e,t){if(typeof document>"u"||!document?.createElement)return;let n=t,i=`${this.stage} shader "${n}"`,o=S1(e,this.source,{showSourceCode:"all",html:!0}),s=this.getTranslatedSource(),a=document.createElement("div");a.innerHTML=`<h1>Compilation error in ${i}</h1>
<div style="display:flex;position:fixed;top:10px;right:20px;gap:2px;">
<button id="copy">Copy source</button><br/>
<button id="close">Close</button>
</div>
<code><pre>${o}</pre></code>`,s&&(a.innerHTML+=`<br /><h1>Translated Source</h1><br /><br /><code><pre>${s}</pre></code>`),a.style.top="0",a.style.left="0",a.style.background="white",a.style.position="fixed",a.style.zIndex="9999",a.style.maxWidth="100vw",a.style.maxHeight="100vh",a.style.overflowY="auto",document.body.appendChild(a),a.querySelector(".luma-compiler-log-error")?.scrollIntoView(),a.querySelector("button#close").onclick=()=>{a.remove()},a.querySelector("button#copy").onclick=()=>{navigator.clipboard.writeText(this.source)}}static defaultProps={...fe.defaultProps,language:"auto",stage:void 0,source:"",sourceMap:null,entryPoint:"main",debugShaders:void 0}}});var Jo,A1=S(()=>{jt();_y();vr();Jo=class r extends fe{get[Symbol.toStringTag](){return"Framebuffer"}width;height;constructor(e,t={}){super(e,t,r.defaultProps),this.width=this.props.width,this.height=this.props.height}clone(e){let t=this.colorAttachments.map(i=>i.texture.clone(e)),n=this.depthStencilAttachment&&this.depthStencilAttachment.texture.clone(e);return this.device.createFramebuffer({...this.props,...e,colorAttachments:t,depthStencilAttachment:n})}resize(e){let t=!e;if(e){let[n,i]=Array.isArray(e)?e:[e.width,e.height];t=t||i!==this.height||n!==this.width,this.width=n,this.height=i}t&&(k.log(2,`Resizing framebuffer ${this.id} to ${this.width}x${this.height}`)(),this.resizeAttachments(this.width,this.height))}autoCreateAttachmentTextures(){if(this.props.colorAttachments.length===0&&!this.props.depthStencilAttachment)throw new Error("Framebuffer has noattachments");this.colorAttachments=this.props.colorAttachments.map((t,n)=>{if(typeof t=="string"){let i=this.createColorTexture(t,n);return this.attachResource(i),i.view}return t instanceof Ie?t.view:t});let e=this.props.depthStencilAttachment;if(e)if(typeof e=="string"){let t=this.createDepthStencilTexture(e);this.attachResource(t),this.depthStencilAttachment=t.view}else e instanceof Ie?this.depthStencilAttachment=e.view:this.depthStencilAttachment=e}createColorTexture(e,t){return this.device.createTexture({id:`${this.id}-color-attachment-${t}`,usage:Ie.RENDER_ATTACHMENT,format:e,width:this.width,height:this.height,sampler:{magFilter:"linear",minFilter:"linear"}})}createDepthStencilTexture(e){return this.device.createTexture({id:`${this.id}-depth-stencil-attachment`,usage:Ie.RENDER_ATTACHMENT|Ie.SAMPLE,format:e,width:this.width,height:this.height})}resizeAttachments(e,t){if(this.colorAttachments.forEach((n,i)=>{let o=n.texture.clone({width:e,height:t});this.destroyAttachedResource(n),this.colorAttachments[i]=o.view,this.attachResource(o.view)}),this.depthStencilAttachment){let n=this.depthStencilAttachment.texture.clone({width:e,height:t});this.destroyAttachedResource(this.depthStencilAttachment),this.depthStencilAttachment=n.view,this.attachResource(n)}this.updateAttachments()}static defaultProps={...fe.defaultProps,width:1,height:1,colorAttachments:[],depthStencilAttachment:null}}});var dn,vy=S(()=>{jt();dn=class r extends fe{get[Symbol.toStringTag](){return"RenderPipeline"}shaderLayout;bufferLayout;linkStatus="pending";hash="";sharedRenderPipeline=null;get isPending(){return this.linkStatus==="pending"||this.vs.compilationStatus==="pending"||this.fs?.compilationStatus==="pending"}get isErrored(){return this.linkStatus==="error"||this.vs.compilationStatus==="error"||this.fs?.compilationStatus==="error"}constructor(e,t){super(e,t,r.defaultProps),this.shaderLayout=this.props.shaderLayout,this.bufferLayout=this.props.bufferLayout||[],this.sharedRenderPipeline=this.props._sharedRenderPipeline||null}static defaultProps={...fe.defaultProps,vs:null,vertexEntryPoint:"vertexMain",vsConstants:{},fs:null,fragmentEntryPoint:"fragmentMain",fsConstants:{},shaderLayout:null,bufferLayout:[],topology:"triangle-list",colorAttachmentFormats:void 0,depthStencilAttachmentFormat:void 0,parameters:{},varyings:void 0,bufferMode:void 0,disableWarnings:!1,_sharedRenderPipeline:void 0,_uniformBlockLayouts:[],bindings:void 0,bindGroups:void 0}}});var al,C1=S(()=>{jt();al=class extends fe{get[Symbol.toStringTag](){return"SharedRenderPipeline"}constructor(e,t){super(e,t,{...fe.defaultProps,handle:void 0,vs:void 0,fs:void 0,varyings:void 0,bufferMode:void 0})}}});var co,wy=S(()=>{jt();co=class r extends fe{get[Symbol.toStringTag](){return"ComputePipeline"}hash="";shaderLayout;constructor(e,t){super(e,t,r.defaultProps),this.shaderLayout=t.shaderLayout}static defaultProps={...fe.defaultProps,shader:void 0,entryPoint:void 0,constants:{},shaderLayout:void 0}}});var es,M1=S(()=>{wy();vy();vr();ga();es=class r{static defaultProps={...dn.defaultProps};static getDefaultPipelineFactory(e){let t=e.getModuleData("@luma.gl/core");return t.defaultPipelineFactory||=new r(e),t.defaultPipelineFactory}device;_hashCounter=0;_hashes={};_renderPipelineCache={};_computePipelineCache={};_sharedRenderPipelineCache={};get[Symbol.toStringTag](){return"PipelineFactory"}toString(){return`PipelineFactory(${this.device.id})`}constructor(e){this.device=e}createRenderPipeline(e){if(!this.device.props._cachePipelines)return this.device.createRenderPipeline(e);let t={...dn.defaultProps,...e},n=this._renderPipelineCache,i=this._hashRenderPipeline(t),o=n[i]?.resource;if(o)n[i].useCount++,this.device.props.debugFactories&&k.log(3,`${this}: ${n[i].resource} reused, count=${n[i].useCount}, (id=${e.id})`)();else{let s=this.device.type==="webgl"&&this.device.props._sharePipelines?this.createSharedRenderPipeline(t):void 0;o=this.device.createRenderPipeline({...t,id:t.id?`${t.id}-cached`:ni("unnamed-cached"),_sharedRenderPipeline:s}),o.hash=i,n[i]={resource:o,useCount:1},this.device.props.debugFactories&&k.log(3,`${this}: ${o} created, count=${n[i].useCount}`)()}return o}createComputePipeline(e){if(!this.device.props._cachePipelines)return this.device.createComputePipeline(e);let t={...co.defaultProps,...e},n=this._computePipelineCache,i=this._hashComputePipeline(t),o=n[i]?.resource;return o?(n[i].useCount++,this.device.props.debugFactories&&k.log(3,`${this}: ${n[i].resource} reused, count=${n[i].useCount}, (id=${e.id})`)()):(o=this.device.createComputePipeline({...t,id:t.id?`${t.id}-cached`:void 0}),o.hash=i,n[i]={resource:o,useCount:1},this.device.props.debugFactories&&k.log(3,`${this}: ${o} created, count=${n[i].useCount}`)()),o}release(e){if(!this.device.props._cachePipelines){e.destroy();return}let t=this._getCache(e),n=e.hash;t[n].useCount--,t[n].useCount===0?(this._destroyPipeline(e),this.device.props.debugFactories&&k.log(3,`${this}: ${e} released and destroyed`)()):t[n].useCount<0?(k.error(`${this}: ${e} released, useCount < 0, resetting`)(),t[n].useCount=0):this.device.props.debugFactories&&k.log(3,`${this}: ${e} released, count=${t[n].useCount}`)()}createSharedRenderPipeline(e){let t=this._hashSharedRenderPipeline(e),n=this._sharedRenderPipelineCache[t];return n||(n={resource:this.device._createSharedRenderPipelineWebGL(e),useCount:0},this._sharedRenderPipelineCache[t]=n),n.useCount++,n.resource}releaseSharedRenderPipeline(e){if(!e.sharedRenderPipeline)return;let t=this._hashSharedRenderPipeline(e.sharedRenderPipeline.props),n=this._sharedRenderPipelineCache[t];n&&(n.useCount--,n.useCount===0&&(n.resource.destroy(),delete this._sharedRenderPipelineCache[t]))}_destroyPipeline(e){let t=this._getCache(e);return this.device.props._destroyPipelines?(delete t[e.hash],e.destroy(),e instanceof dn&&this.releaseSharedRenderPipeline(e),!0):!1}_getCache(e){let t;if(e instanceof co&&(t=this._computePipelineCache),e instanceof dn&&(t=this._renderPipelineCache),!t)throw new Error(`${this}`);if(!t[e.hash])throw new Error(`${this}: ${e} matched incorrect entry`);return t}_hashComputePipeline(e){let{type:t}=this.device,n=this._getHash(e.shader.source),i=this._getHash(JSON.stringify(e.shaderLayout));return`${t}/C/${n}SL${i}`}_hashRenderPipeline(e){let t=e.vs?this._getHash(e.vs.source):0,n=e.fs?this._getHash(e.fs.source):0,i=this._getWebGLVaryingHash(e),o=this._getHash(JSON.stringify(e.shaderLayout)),s=this._getHash(JSON.stringify(e._uniformBlockLayouts)),a=this._getHash(JSON.stringify(e.bufferLayout)),{type:c}=this.device;if(c==="webgl"){let l=this._getHash(JSON.stringify(e.parameters));return`${c}/R/${t}/${n}V${i}T${e.topology}P${l}SL${o}UBL${s}BL${a}`}else{let f=this._getHash(JSON.stringify({vertexEntryPoint:e.vertexEntryPoint,fragmentEntryPoint:e.fragmentEntryPoint})),u=this._getHash(JSON.stringify(e.parameters)),d=this._getWebGPUAttachmentHash(e);return`${c}/R/${t}/${n}V${i}T${e.topology}EP${f}P${u}SL${o}BL${a}A${d}`}}_hashSharedRenderPipeline(e){let t=e.vs?this._getHash(e.vs.source):0,n=e.fs?this._getHash(e.fs.source):0,i=this._getWebGLVaryingHash(e);return`webgl/S/${t}/${n}V${i}`}_getHash(e){return this._hashes[e]===void 0&&(this._hashes[e]=this._hashCounter++),this._hashes[e]}_getWebGLVaryingHash(e){let{varyings:t=[],bufferMode:n=null}=e;return this._getHash(JSON.stringify({varyings:t,bufferMode:n}))}_getWebGPUAttachmentHash(e){let t=e.colorAttachmentFormats??[this.device.preferredColorFormat],n=e.depthStencilAttachmentFormat??(e.parameters?.depthWriteEnabled?this.device.preferredDepthFormat:null);return this._getHash(JSON.stringify({colorAttachmentFormats:t,depthStencilAttachmentFormat:n}))}}});var ts,R1=S(()=>{xy();vr();ts=class r{static defaultProps={...Qo.defaultProps};static getDefaultShaderFactory(e){let t=e.getModuleData("@luma.gl/core");return t.defaultShaderFactory||=new r(e),t.defaultShaderFactory}device;_cache={};get[Symbol.toStringTag](){return"ShaderFactory"}toString(){return`${this[Symbol.toStringTag]}(${this.device.id})`}constructor(e){this.device=e}createShader(e){if(!this.device.props._cacheShaders)return this.device.createShader(e);let t=this._hashShader(e),n=this._cache[t];if(n)n.useCount++,this.device.props.debugFactories&&k.log(3,`${this}: Reusing shader ${n.resource.id} count=${n.useCount}`)();else{let i=this.device.createShader({...e,id:e.id?`${e.id}-cached`:void 0});this._cache[t]=n={resource:i,useCount:1},this.device.props.debugFactories&&k.log(3,`${this}: Created new shader ${i.id}`)()}return n.resource}release(e){if(!this.device.props._cacheShaders){e.destroy();return}let t=this._hashShader(e),n=this._cache[t];if(n)if(n.useCount--,n.useCount===0)this.device.props._destroyShaders&&(delete this._cache[t],n.resource.destroy(),this.device.props.debugFactories&&k.log(3,`${this}: Releasing shader ${e.id}, destroyed`)());else{if(n.useCount<0)throw new Error(`ShaderFactory: Shader ${e.id} released too many times`);this.device.props.debugFactories&&k.log(3,`${this}: Releasing shader ${e.id} count=${n.useCount}`)()}}_hashShader(e){return`${e.stage}:${e.source}`}}});function Pd(r,e,t){let n=r.bindings.find(i=>i.name===e||`${i.name.toLocaleLowerCase()}uniforms`===e.toLocaleLowerCase());return!n&&!t?.ignoreWarnings&&k.warn(`Binding ${e} not set: Not found in shader layout.`)(),n||null}function rs(r,e){if(!e)return{};if(Kk(e))return Object.fromEntries(Object.entries(e).map(([i,o])=>[Number(i),{...o}]));let t={};for(let[n,i]of Object.entries(e)){let s=Pd(r,n)?.group??0;t[s]||={},t[s][n]=i}return t}function ya(r){let e={};for(let t of Object.values(r))Object.assign(e,t);return e}function Kk(r){let e=Object.keys(r);return e.length>0&&e.every(t=>/^\d+$/.test(t))}var I1=S(()=>{vr()});var cl,O1=S(()=>{jt();cl=class r extends fe{static defaultClearColor=[0,0,0,1];static defaultClearDepth=1;static defaultClearStencil=0;get[Symbol.toStringTag](){return"RenderPass"}constructor(e,t,n=r.defaultProps){t=r.normalizeProps(e,t),super(e,t,n)}static normalizeProps(e,t){return t}static defaultProps={...fe.defaultProps,framebuffer:null,resolveTargets:void 0,parameters:void 0,clearColor:r.defaultClearColor,clearColors:void 0,clearDepth:r.defaultClearDepth,clearStencil:r.defaultClearStencil,depthReadOnly:!1,stencilReadOnly:!1,discard:!1,occlusionQuerySet:void 0,timestampQuerySet:void 0,beginTimestampIndex:void 0,endTimestampIndex:void 0}}});var ll,B1=S(()=>{jt();ll=class r extends fe{get[Symbol.toStringTag](){return"CommandEncoder"}_timeProfilingQuerySet=null;_timeProfilingSlotCount=0;_gpuTimeMs;constructor(e,t){super(e,t,r.defaultProps),this._timeProfilingQuerySet=t.timeProfilingQuerySet??null,this._timeProfilingSlotCount=0,this._gpuTimeMs=void 0}async resolveTimeProfilingQuerySet(){if(this._gpuTimeMs=void 0,!this._timeProfilingQuerySet)return;let e=Math.floor(this._timeProfilingSlotCount/2);if(e<=0)return;let t=e*2,n=await this._timeProfilingQuerySet.readResults({firstQuery:0,queryCount:t}),i=0n;for(let o=0;o<t;o+=2)i+=n[o+1]-n[o];this._gpuTimeMs=Number(i)/1e6}getTimeProfilingSlotCount(){return this._timeProfilingSlotCount}getTimeProfilingQuerySet(){return this._timeProfilingQuerySet}_applyTimeProfilingToPassProps(e){let t=e||{};if(!this._supportsTimestampQueries()||!this._timeProfilingQuerySet||t.timestampQuerySet!==void 0||t.beginTimestampIndex!==void 0||t.endTimestampIndex!==void 0)return t;let n=this._timeProfilingSlotCount;return n+1>=this._timeProfilingQuerySet.props.count?t:(this._timeProfilingSlotCount+=2,{...t,timestampQuerySet:this._timeProfilingQuerySet,beginTimestampIndex:n,endTimestampIndex:n+1})}_supportsTimestampQueries(){return this.device.features.has("timestamp-query")}static defaultProps={...fe.defaultProps,measureExecutionTime:void 0,timeProfilingQuerySet:void 0}}});var fl,k1=S(()=>{jt();fl=class r extends fe{get[Symbol.toStringTag](){return"CommandBuffer"}constructor(e,t){super(e,t,r.defaultProps)}static defaultProps={...fe.defaultProps}}});var ul,D1=S(()=>{jt();ul=class r extends fe{static defaultProps={...fe.defaultProps,shaderLayout:void 0,bufferLayout:[]};get[Symbol.toStringTag](){return"VertexArray"}maxVertexAttributes;indexBuffer=null;attributes;constructor(e,t){super(e,t,r.defaultProps),this.maxVertexAttributes=e.limits.maxVertexAttributes,this.attributes=new Array(this.maxVertexAttributes).fill(null)}getBufferSlot(e){return null}getDrawValidationError(){return null}setConstantWebGL(e,t){this.device.reportError(new Error("constant attributes not supported"),this)()}}});var dl,N1=S(()=>{jt();dl=class r extends fe{static defaultProps={...fe.defaultProps,layout:void 0,buffers:{}};get[Symbol.toStringTag](){return"TransformFeedback"}constructor(e,t){super(e,t,r.defaultProps)}}});var hl,F1=S(()=>{jt();hl=class r extends fe{get[Symbol.toStringTag](){return"QuerySet"}constructor(e,t){super(e,t,r.defaultProps)}static defaultProps={...fe.defaultProps,type:void 0,count:void 0}}});var pl,U1=S(()=>{jt();pl=class r extends fe{static defaultProps={...fe.defaultProps};get[Symbol.toStringTag](){return"Fence"}constructor(e,t={}){super(e,t,r.defaultProps)}}});function _a(r){let e=Sd(r),t=tD[e];if(!t)throw new Error(`Unsupported variable shader type: ${r}`);return t}function z1(r){let e=G1(r),t=eD[e];if(!t)throw new Error(`Unsupported attribute shader type: ${r}`);let[n,i]=t,o=n==="i32"||n==="u32",s=n!=="u32",a=Jk[n]*i;return{primitiveType:n,components:i,byteLength:a,integer:o,signed:s}}function Qk(r,e){return e===1?r:`vec${e}<${r}>`}function G1(r){return rD[r]||r}function Sd(r){return nD[r]||r}var Ey,Zr,Jk,eD,tD,rD,nD,ml=S(()=>{Ey=class{getVariableShaderTypeInfo(e){return _a(e)}getAttributeShaderTypeInfo(e){return z1(e)}makeShaderAttributeType(e,t){return Qk(e,t)}resolveAttributeShaderTypeAlias(e){return G1(e)}resolveVariableShaderTypeAlias(e){return Sd(e)}};Zr=new Ey,Jk={f32:4,f16:2,i32:4,u32:4},eD={f32:["f32",1],"vec2<f32>":["f32",2],"vec3<f32>":["f32",3],"vec4<f32>":["f32",4],f16:["f16",1],"vec2<f16>":["f16",2],"vec3<f16>":["f16",3],"vec4<f16>":["f16",4],i32:["i32",1],"vec2<i32>":["i32",2],"vec3<i32>":["i32",3],"vec4<i32>":["i32",4],u32:["u32",1],"vec2<u32>":["u32",2],"vec3<u32>":["u32",3],"vec4<u32>":["u32",4]},tD={f32:{type:"f32",components:1},f16:{type:"f16",components:1},i32:{type:"i32",components:1},u32:{type:"u32",components:1},"vec2<f32>":{type:"f32",components:2},"vec3<f32>":{type:"f32",components:3},"vec4<f32>":{type:"f32",components:4},"vec2<f16>":{type:"f16",components:2},"vec3<f16>":{type:"f16",components:3},"vec4<f16>":{type:"f16",components:4},"vec2<i32>":{type:"i32",components:2},"vec3<i32>":{type:"i32",components:3},"vec4<i32>":{type:"i32",components:4},"vec2<u32>":{type:"u32",components:2},"vec3<u32>":{type:"u32",components:3},"vec4<u32>":{type:"u32",components:4},"mat2x2<f32>":{type:"f32",components:4},"mat2x3<f32>":{type:"f32",components:6},"mat2x4<f32>":{type:"f32",components:8},"mat3x2<f32>":{type:"f32",components:6},"mat3x3<f32>":{type:"f32",components:9},"mat3x4<f32>":{type:"f32",components:12},"mat4x2<f32>":{type:"f32",components:8},"mat4x3<f32>":{type:"f32",components:12},"mat4x4<f32>":{type:"f32",components:16},"mat2x2<f16>":{type:"f16",components:4},"mat2x3<f16>":{type:"f16",components:6},"mat2x4<f16>":{type:"f16",components:8},"mat3x2<f16>":{type:"f16",components:6},"mat3x3<f16>":{type:"f16",components:9},"mat3x4<f16>":{type:"f16",components:12},"mat4x2<f16>":{type:"f16",components:8},"mat4x3<f16>":{type:"f16",components:12},"mat4x4<f16>":{type:"f16",components:16},"mat2x2<i32>":{type:"i32",components:4},"mat2x3<i32>":{type:"i32",components:6},"mat2x4<i32>":{type:"i32",components:8},"mat3x2<i32>":{type:"i32",components:6},"mat3x3<i32>":{type:"i32",components:9},"mat3x4<i32>":{type:"i32",components:12},"mat4x2<i32>":{type:"i32",components:8},"mat4x3<i32>":{type:"i32",components:12},"mat4x4<i32>":{type:"i32",components:16},"mat2x2<u32>":{type:"u32",components:4},"mat2x3<u32>":{type:"u32",components:6},"mat2x4<u32>":{type:"u32",components:8},"mat3x2<u32>":{type:"u32",components:6},"mat3x3<u32>":{type:"u32",components:9},"mat3x4<u32>":{type:"u32",components:12},"mat4x2<u32>":{type:"u32",components:8},"mat4x3<u32>":{type:"u32",components:12},"mat4x4<u32>":{type:"u32",components:16}},rD={vec2i:"vec2<i32>",vec3i:"vec3<i32>",vec4i:"vec4<i32>",vec2u:"vec2<u32>",vec3u:"vec3<u32>",vec4u:"vec4<u32>",vec2f:"vec2<f32>",vec3f:"vec3<f32>",vec4f:"vec4<f32>",vec2h:"vec2<f16>",vec3h:"vec3<f16>",vec4h:"vec4<f16>"},nD={vec2i:"vec2<i32>",vec3i:"vec3<i32>",vec4i:"vec4<i32>",vec2u:"vec2<u32>",vec3u:"vec3<u32>",vec4u:"vec4<u32>",vec2f:"vec2<f32>",vec3f:"vec3<f32>",vec4f:"vec4<f32>",vec2h:"vec2<f16>",vec3h:"vec3<f16>",vec4h:"vec4<f16>",mat2x2f:"mat2x2<f32>",mat2x3f:"mat2x3<f32>",mat2x4f:"mat2x4<f32>",mat3x2f:"mat3x2<f32>",mat3x3f:"mat3x3<f32>",mat3x4f:"mat3x4<f32>",mat4x2f:"mat4x2<f32>",mat4x3f:"mat4x3<f32>",mat4x4f:"mat4x4<f32>",mat2x2i:"mat2x2<i32>",mat2x3i:"mat2x3<i32>",mat2x4i:"mat2x4<i32>",mat3x2i:"mat3x2<i32>",mat3x3i:"mat3x3<i32>",mat3x4i:"mat3x4<i32>",mat4x2i:"mat4x2<i32>",mat4x3i:"mat4x3<i32>",mat4x4i:"mat4x4<i32>",mat2x2u:"mat2x2<u32>",mat2x3u:"mat2x3<u32>",mat2x4u:"mat2x4<u32>",mat3x2u:"mat3x2<u32>",mat3x3u:"mat3x3<u32>",mat3x4u:"mat3x4<u32>",mat4x2u:"mat4x2<u32>",mat4x3u:"mat4x3<u32>",mat4x4u:"mat4x4<u32>",mat2x2h:"mat2x2<f16>",mat2x3h:"mat2x3<f16>",mat2x4h:"mat2x4<f16>",mat3x2h:"mat3x2<f16>",mat3x3h:"mat3x3<f16>",mat3x4h:"mat3x4<f16>",mat4x2h:"mat4x2<f16>",mat4x3h:"mat4x3<f16>",mat4x4h:"mat4x4<f16>"}});function ns(r,e={}){let t={...r},n=e.layout??"std140",i={},o=0;for(let[s,a]of Object.entries(t))o=Py(i,s,a,o,n);return o=un(o,lo(t,n)),{layout:n,byteLength:o*4,uniformTypes:t,fields:i}}function gl(r,e){let t=Sd(r),n=_a(t),i=/^mat(\d)x(\d)<.+>$/.exec(t);if(i){let s=Number(i[1]),a=Number(i[2]),c=$1(a,t,n.type,e),l=oD(c.size,c.alignment,e);return{alignment:c.alignment,size:s*l,components:s*a,columns:s,rows:a,columnStride:l,shaderType:t,type:n.type}}let o=/^vec(\d)<.+>$/.exec(t);return o?$1(Number(o[1]),t,n.type,e):{alignment:1,size:1,components:1,columns:1,rows:1,columnStride:1,shaderType:t,type:n.type}}function Sy(r){return!!r&&typeof r=="object"&&!Array.isArray(r)}function Py(r,e,t,n,i){if(typeof t=="string"){let o=gl(t,i),s=un(n,o.alignment);return r[e]={offset:s,...o},s+o.size}if(Array.isArray(t)){if(Array.isArray(t[0]))throw new Error(`Nested arrays are not supported for ${e}`);let o=t[0],s=t[1],a=W1(o,i),c=un(n,lo(t,i));for(let l=0;l<s;l++)Py(r,`${e}[${l}]`,o,c+l*a,i);return c+a*s}if(Sy(t)){let o=lo(t,i),s=un(n,o);for(let[a,c]of Object.entries(t))s=Py(r,`${e}.${a}`,c,s,i);return un(s,o)}throw new Error(`Unsupported CompositeShaderType for ${e}`)}function V1(r,e){if(typeof r=="string")return gl(r,e).size;if(Array.isArray(r)){let n=r[0],i=r[1];if(Array.isArray(n))throw new Error("Nested arrays are not supported");return W1(n,e)*i}let t=0;for(let n of Object.values(r)){let i=n;t=un(t,lo(i,e)),t+=V1(i,e)}return un(t,lo(r,e))}function lo(r,e){if(typeof r=="string")return gl(r,e).alignment;if(Array.isArray(r)){let n=r[0],i=lo(n,e);return j1(e)?Math.max(i,4):i}let t=1;for(let n of Object.values(r)){let i=lo(n,e);t=Math.max(t,i)}return sD(e)?Math.max(t,4):t}function $1(r,e,t,n){return{alignment:r===2?2:4,size:r===3?3:r,components:r,columns:1,rows:r,columnStride:r===3?3:r,shaderType:e,type:t}}function W1(r,e){let t=V1(r,e),n=lo(r,e);return iD(t,n,e)}function iD(r,e,t){return un(r,j1(t)?4:e)}function oD(r,e,t){return t==="std140"?4:un(r,e)}function j1(r){return r==="std140"||r==="wgsl-uniform"}function sD(r){return r==="std140"||r==="wgsl-uniform"}var Td=S(()=>{gd();ml()});function Ty(r){return(!Ld||Ld.byteLength<r)&&(Ld=new ArrayBuffer(r)),Ld}function Ly(r,e){let t=Ty(r.BYTES_PER_ELEMENT*e);return new r(t,0,e)}var Ld,Ay=S(()=>{});function aD(r){return ArrayBuffer.isView(r)&&!(r instanceof DataView)}function ba(r){return Array.isArray(r)?r.length===0||typeof r[0]=="number":aD(r)}var Cy=S(()=>{});function cD(r){return!!r&&typeof r=="object"&&!Array.isArray(r)&&!ArrayBuffer.isView(r)}function lD(r,e,t){return Array.prototype.slice.call(r,e,t)}var Ad,H1=S(()=>{Ay();Cy();vr();Td();Ad=class{layout;constructor(e){this.layout=e}has(e){return!!this.layout.fields[e]}get(e){let t=this.layout.fields[e];return t?{offset:t.offset,size:t.size}:void 0}getFlatUniformValues(e){let t={};for(let[n,i]of Object.entries(e)){let o=this.layout.uniformTypes[n];o?this._flattenCompositeValue(t,n,o,i):this.layout.fields[n]&&(t[n]=i)}return t}getData(e){let t=Ty(this.layout.byteLength);new Uint8Array(t,0,this.layout.byteLength).fill(0);let n={i32:new Int32Array(t),u32:new Uint32Array(t),f32:new Float32Array(t),f16:new Uint16Array(t)},i=this.getFlatUniformValues(e);for(let[o,s]of Object.entries(i))this._writeLeafValue(n,o,s);return new Uint8Array(t,0,this.layout.byteLength)}_flattenCompositeValue(e,t,n,i){if(i!==void 0){if(typeof n=="string"||this.layout.fields[t]){e[t]=i;return}if(Array.isArray(n)){let o=n[0],s=n[1];if(Array.isArray(o))throw new Error(`Nested arrays are not supported for ${t}`);if(typeof o=="string"&&ba(i)){this._flattenPackedArray(e,t,o,s,i);return}if(!Array.isArray(i)){k.warn(`Unsupported uniform array value for ${t}:`,i)();return}for(let a=0;a<Math.min(i.length,s);a++){let c=i[a];c!==void 0&&this._flattenCompositeValue(e,`${t}[${a}]`,o,c)}return}if(Sy(n)&&cD(i)){for(let[o,s]of Object.entries(i)){if(s===void 0)continue;let a=`${t}.${o}`;this._flattenCompositeValue(e,a,n[o],s)}return}k.warn(`Unsupported uniform value for ${t}:`,i)()}}_flattenPackedArray(e,t,n,i,o){let s=o,c=gl(n,this.layout.layout).components;for(let l=0;l<i;l++){let f=l*c;if(f>=s.length)break;c===1?e[`${t}[${l}]`]=Number(s[f]):e[`${t}[${l}]`]=lD(o,f,f+c)}}_writeLeafValue(e,t,n){let i=this.layout.fields[t];if(!i){k.warn(`Uniform ${t} not found in layout`)();return}let{type:o,components:s,columns:a,rows:c,offset:l,columnStride:f}=i,u=e[o];if(s===1){u[l]=Number(n);return}let d=n;if(a===1){for(let p=0;p<s;p++)u[l+p]=Number(d[p]??0);return}let h=0;for(let p=0;p<a;p++){let g=l+p*f;for(let y=0;y<c;y++)u[g+y]=Number(d[h++]??0)}}}});function Y1(r,e,t=16){if(r===e)return!0;let n=r,i=e;if(!ba(n)||!ba(i)||n.length!==i.length)return!1;let o=Math.min(t,fD);if(n.length>o)return!1;for(let s=0;s<n.length;++s)if(i[s]!==n[s])return!1;return!0}function q1(r){return ba(r)?r.slice():r}var fD,Z1=S(()=>{Cy();fD=128});var Cd,X1=S(()=>{Z1();Cd=class{name;uniforms={};modifiedUniforms={};modified=!0;bindingLayout={};needsRedraw="initialized";constructor(e){if(this.name=e?.name||"unnamed",e?.name&&e?.shaderLayout){let t=e?.shaderLayout.bindings?.find(i=>i.type==="uniform"&&i.name===e?.name);if(!t)throw new Error(e?.name);let n=t;for(let i of n.uniforms||[])this.bindingLayout[i.name]=i}}setUniforms(e){for(let[t,n]of Object.entries(e))this._setUniform(t,n)&&!this.needsRedraw&&this.setNeedsRedraw(`${this.name}.${t}=${n}`)}setNeedsRedraw(e){this.needsRedraw=this.needsRedraw||e}getAllUniforms(){return this.modifiedUniforms={},this.needsRedraw=!1,this.uniforms||{}}_setUniform(e,t){return Y1(this.uniforms[e],t)?!1:(this.uniforms[e]=q1(t),this.modifiedUniforms[e]=!0,this.modified=!0,!0)}}});function dD(r){return r.type==="webgpu"?"wgsl-uniform":"std140"}var uD,is,K1=S(()=>{pd();vr();Td();X1();H1();uD=1024,is=class{device;uniformBlocks=new Map;shaderBlockLayouts=new Map;shaderBlockWriters=new Map;uniformBuffers=new Map;constructor(e,t){this.device=e;for(let[n,i]of Object.entries(t)){let o=n,s=ns(i.uniformTypes??{},{layout:i.layout??dD(e)}),a=new Ad(s);this.shaderBlockLayouts.set(o,s),this.shaderBlockWriters.set(o,a);let c=new Cd({name:n});c.setUniforms(a.getFlatUniformValues(i.defaultUniforms||{})),this.uniformBlocks.set(o,c)}}destroy(){for(let e of this.uniformBuffers.values())e.destroy()}setUniforms(e,t){for(let[n,i]of Object.entries(e)){let o=n,a=this.shaderBlockWriters.get(o)?.getFlatUniformValues(i||{});this.uniformBlocks.get(o)?.setUniforms(a||{})}this.updateUniformBuffers(t)}getUniformBufferByteLength(e){let t=this.shaderBlockLayouts.get(e)?.byteLength||0;return Math.max(t,uD)}getUniformBufferData(e){let t=this.uniformBlocks.get(e)?.getAllUniforms()||{};return this.shaderBlockWriters.get(e)?.getData(t)||new Uint8Array(0)}createUniformBuffer(e,t){t&&this.setUniforms(t);let n=this.getUniformBufferByteLength(e),i=this.device.createBuffer({usage:de.UNIFORM|de.COPY_DST,byteLength:n}),o=this.getUniformBufferData(e);return i.write(o),i}getManagedUniformBuffer(e){if(!this.uniformBuffers.get(e)){let t=this.getUniformBufferByteLength(e),n=this.device.createBuffer({usage:de.UNIFORM|de.COPY_DST,byteLength:t});this.uniformBuffers.set(e,n)}return this.uniformBuffers.get(e)}updateUniformBuffers(e){let t=!1;for(let n of this.uniformBlocks.keys()){let i=this.updateUniformBuffer(n,e);t||=i}return t&&k.log(3,`UniformStore.updateUniformBuffers(): ${t}`)(),t}updateUniformBuffer(e,t){let n=this.uniformBlocks.get(e),i=this.uniformBuffers.get(e),o=!1;if(i&&n?.needsRedraw){o||=n.needsRedraw;let s=this.getUniformBufferData(e);if(i=this.uniformBuffers.get(e),i&&(t?this.device.writeBufferViaCommandEncoder(t,i,s):i.write(s)),k.level>=4){let a=this.uniformBlocks.get(e)?.getAllUniforms();k.log(4,`Writing to uniform buffer ${String(e)}`,s,a)()}}return o}}});function xa(r){return r.attributes?r.attributes.map(e=>e.attribute):[r.name]}function My(r){return Object.fromEntries(r.attributes.map(e=>[e.name,e.location]))}function Md(r){let e=1/0;for(let t of r)t!==void 0&&(e=Math.min(e,t));return e}function Ry(r,e,t){hD(e);let n=new Map;for(let i of e){let o=pD(i);if(i.attributes)for(let s of i.attributes)n.has(s.attribute)||n.set(s.attribute,{bufferName:i.name,stepMode:i.stepMode,vertexFormat:s.format,byteOffset:s.byteOffset,byteStride:o});else i.format&&!n.has(i.name)&&n.set(i.name,{bufferName:i.name,stepMode:i.stepMode,vertexFormat:i.format,byteOffset:0,byteStride:o})}return r.attributes.map(i=>{let o=n.get(i.name);!o&&t?.warnOnMissingBufferLayout&&k.warn(`layout for attribute "${i.name}" not present in buffer layout`)();let s=Zr.getAttributeShaderTypeInfo(i.type),a=o?.vertexFormat||rt.getCompatibleVertexFormat(s);return{attributeName:i.name,bufferName:o?.bufferName||i.name,location:i.location,vertexFormat:a,byteOffset:o?.byteOffset??0,byteStride:o?.byteStride??rt.getVertexFormatInfo(a).byteLength,stepMode:o?.stepMode||i.stepMode||(i.name.startsWith("instance")?"instance":"vertex")}}).sort((i,o)=>i.location-o.location)}function hD(r){for(let e of r)(e.attributes&&e.format||!e.attributes&&!e.format)&&k.warn(`BufferLayout ${e.name} must have either 'attributes' or 'format' field`)()}function pD(r){if(typeof r.byteStride=="number")return r.byteStride;if(r.attributes){let e=0;for(let t of r.attributes)e+=rt.getVertexFormatInfo(t.format).byteLength;return e}return rt.getVertexFormatInfo(r.format).byteLength}var Iy=S(()=>{vr();ml();tl()});function yl(r,e){let t={},n=Ry(r,e,{warnOnMissingBufferLayout:!0});for(let i of n){let o=mD(r,i);t[i.attributeName]=o}return t}function mD(r,e){let t=gD(r,e.attributeName),n=Zr.getAttributeShaderTypeInfo(t.type),i=e.vertexFormat,o=rt.getVertexFormatInfo(i);return{attributeName:e.attributeName,bufferName:e.bufferName,location:t.location,shaderType:t.type,primitiveType:n.primitiveType,shaderComponents:n.components,vertexFormat:i,bufferDataType:o.type,bufferComponents:o.components,normalized:o.normalized,integer:n.integer,stepMode:e.stepMode,byteOffset:e.byteOffset,byteStride:e.byteStride}}function gD(r,e){let t=r.attributes.find(n=>n.name===e);return t||k.warn(`shader layout attribute "${e}" not present in shader`)(),t||null}var Q1=S(()=>{vr();ml();tl();Iy()});var se=S(()=>{YE();qE();m1();v1();w1();pd();_y();E1();P1();xy();yy();A1();vy();C1();M1();R1();O1();wy();B1();k1();D1();N1();F1();U1();Td();K1();yd();gd();ml();tl();wd();vr();I1();my();Ay();Q1();Iy()});function _l(r=[],e){let t=[],n={},i={},o={},s={};for(let a of r)J1({modules:t,defines:n,injections:i,vertexInputs:o,varyings:s},a),J1({modules:t,defines:n,injections:i,vertexInputs:o,varyings:s},a[e]);for(let a of Object.keys(s))if(o[a])throw new Error(`ShaderPlugin name "${a}" cannot be both a vertex input and a varying`);return{modules:t,defines:n,injections:i,vertexInputs:o,varyings:s}}function bl(r=[],e=[]){let t=[...r],n=new Set(t.map(i=>i.name));for(let i of e)n.has(i.name)||(t.push(i),n.add(i.name));return t}function J1(r,e){if(e){e.modules?.length&&r.modules.push(...e.modules),e.defines&&Object.assign(r.defines,e.defines);for(let[t,n]of Object.entries(e.vertexInputs||{})){e2(t,"vertex input");let i=r.vertexInputs[t];if(i&&i!==n)throw new Error(`ShaderPlugin vertex input "${t}" has conflicting types "${i}" and "${n}"`);r.vertexInputs[t]=n}for(let[t,n]of Object.entries(e.varyings||{})){e2(t,"varying");let i=_D(t,n),o=r.varyings[t];if(o&&(o.type!==i.type||o.interpolation!==i.interpolation))throw new Error(`ShaderPlugin varying "${t}" has conflicting declarations "${o.type}/${o.interpolation}" and "${i.type}/${i.interpolation}"`);r.varyings[t]=i}for(let t of e.injections||[])bD(t.target),r.injections[t.target]||(r.injections[t.target]=[]),r.injections[t.target].push({injection:t.injection,order:t.order??0})}}function e2(r,e){if(!/^[A-Za-z_][A-Za-z0-9_]*$/.test(r)||r.startsWith("_luma_"))throw new Error(`ShaderPlugin ${e} "${r}" must be a valid non-reserved identifier`)}function _D(r,e){let{primitiveType:t}=Zr.getAttributeShaderTypeInfo(e.type),n=t==="i32"||t==="u32",i=e.interpolation||(n?"flat":"smooth");if(n&&i==="smooth")throw new Error(`ShaderPlugin integer varying "${r}" must use flat interpolation`);return{type:e.type,interpolation:i}}function bD(r){if(!yD.test(r))throw new Error(`ShaderPlugin injection target "${r}" must be a named shader anchor or hook`)}var yD,t2=S(()=>{se();yD=/^(vs|fs):(?:#(?:decl|main-start|main-end)|[A-Za-z_][\w-]*)$/});function xl(r){return`${r.name}Uniforms`}function n2(r,e){let t=e==="wgsl"?r.source:e==="vertex"?r.vs:r.fs;if(!t)return null;let n=xl(r);return wD(t,e==="wgsl"?"wgsl":"glsl",n)}function i2(r,e){let t=Object.keys(r.uniformTypes||{});if(!t.length)return null;let n=n2(r,e);return n?{moduleName:r.name,uniformBlockName:xl(r),stage:e,expectedUniformNames:t,actualUniformNames:n,matches:SD(t,n)}:null}function Oy(r,e,t={}){let n=i2(r,e);if(!n||n.matches)return n;let i=TD(n);return t.log?.error?.(i,n)(),t.throwOnError!==!1&&Ri(!1,i),n}function vl(r){let e=[],t=LD(r);for(let n of t.matchAll(vD)){let i=n[1]?.trim()||null;e.push({blockName:n[2],body:n[3],instanceName:n[4]||null,layoutQualifier:i,hasLayoutQualifier:!!i,isStd140:!!(i&&/\blayout\s*\([^)]*\bstd140\b[^)]*\)/.exec(i))})}return e}function By(r,e,t,n){let i=vl(r).filter(s=>!s.isStd140),o=new Set;for(let s of i){if(o.has(s.blockName))continue;o.add(s.blockName);let a=n?.label?`${n.label} `:"",c=s.hasLayoutQualifier?`declares ${AD(s.layoutQualifier)} instead of layout(std140)`:"does not declare layout(std140)",l=`${a}${e} shader uniform block ${s.blockName} ${c}. luma.gl host-side shader block packing assumes explicit layout(std140) for GLSL uniform blocks. Add \`layout(std140)\` to the block declaration.`;t?.warn?.(l,s)()}return i}function wD(r,e,t){let n=e==="wgsl"?ED(r,t):PD(r,t);if(!n)return null;let i=[];for(let o of n.split(`
`)){let s=o.replace(/\/\/.*$/,"").trim();if(!s||s.startsWith("#"))continue;let a=e==="wgsl"?s.match(/^([A-Za-z0-9_]+)\s*:/):s.match(xD);a&&i.push(a[1])}return i}function ED(r,e){let t=new RegExp(`\\bstruct\\s+${e}\\b`,"m").exec(r);if(!t)return null;let n=r.indexOf("{",t.index);if(n<0)return null;let i=0;for(let o=n;o<r.length;o++){let s=r[o];if(s==="{"){i++;continue}if(s==="}"&&(i--,i===0))return r.slice(n+1,o)}return null}function PD(r,e){return vl(r).find(n=>n.blockName===e)?.body||null}function SD(r,e){if(r.length!==e.length)return!1;for(let t=0;t<r.length;t++)if(r[t]!==e[t])return!1;return!0}function TD(r){let{expectedUniformNames:e,actualUniformNames:t}=r,n=e.filter(a=>!t.includes(a)),i=t.filter(a=>!e.includes(a)),o=[`Expected ${e.length} fields, found ${t.length}.`],s=CD(e,t);return s&&o.push(s),n.length&&o.push(`Missing from shader block (${n.length}): ${r2(n)}.`),i.length&&o.push(`Unexpected in shader block (${i.length}): ${r2(i)}.`),e.length<=12&&t.length<=12&&(n.length||i.length)&&(o.push(`Expected: ${e.join(", ")}.`),o.push(`Actual: ${t.join(", ")}.`)),`${r.moduleName}: ${r.stage} shader uniform block ${r.uniformBlockName} does not match module.uniformTypes. ${o.join(" ")}`}function LD(r){return r.replace(/\/\*[\s\S]*?\*\//g,"").replace(/\/\/.*$/gm,"")}function AD(r){return r.replace(/\s+/g," ").trim()}function CD(r,e){let t=Math.min(r.length,e.length);for(let n=0;n<t;n++)if(r[n]!==e[n])return`First mismatch at field ${n+1}: expected ${r[n]}, found ${e[n]}.`;return r.length>e.length?`Shader block ends after field ${e.length}; expected next field ${r[e.length]}.`:e.length>r.length?`Shader block has extra field ${e.length}: ${e[r.length]}.`:null}function r2(r,e=8){if(r.length<=e)return r.join(", ");let t=r.length-e;return`${r.slice(0,e).join(", ")}, ... (${t} more)`}var xD,vD,ky=S(()=>{cd();xD=/^(?:uniform\s+)?(?:(?:lowp|mediump|highp)\s+)?[A-Za-z0-9_]+(?:<[^>]+>)?\s+([A-Za-z0-9_]+)(?:\s*\[[^\]]+\])?\s*;/,vD=/((?:layout\s*\([^)]*\)\s*)*)uniform\s+([A-Za-z_][A-Za-z0-9_]*)\s*\{([\s\S]*?)\}\s*([A-Za-z_][A-Za-z0-9_]*)?\s*;/g});function o2(r){switch(r?.gpu.toLowerCase()){case"apple":return`#define APPLE_GPU
// Apple optimizes away the calculation necessary for emulated fp64
#define LUMA_FP64_CODE_ELIMINATION_WORKAROUND 1
#define LUMA_FP32_TAN_PRECISION_WORKAROUND 1
// Intel GPU doesn't have full 32 bits precision in same cases, causes overflow
#define LUMA_FP64_HIGH_BITS_OVERFLOW_WORKAROUND 1
`;case"nvidia":return`#define NVIDIA_GPU
// Nvidia optimizes away the calculation necessary for emulated fp64
#define LUMA_FP64_CODE_ELIMINATION_WORKAROUND 1
`;case"intel":return`#define INTEL_GPU
// Intel optimizes away the calculation necessary for emulated fp64
#define LUMA_FP64_CODE_ELIMINATION_WORKAROUND 1
// Intel's built-in 'tan' function doesn't have acceptable precision
#define LUMA_FP32_TAN_PRECISION_WORKAROUND 1
// Intel GPU doesn't have full 32 bits precision in same cases, causes overflow
#define LUMA_FP64_HIGH_BITS_OVERFLOW_WORKAROUND 1
`;case"amd":return`#define AMD_GPU
`;default:return`#define DEFAULT_GPU
// Prevent driver from optimizing away the calculation necessary for emulated fp64
#define LUMA_FP64_CODE_ELIMINATION_WORKAROUND 1
// Headless Chrome's software shader 'tan' function doesn't have acceptable precision
#define LUMA_FP32_TAN_PRECISION_WORKAROUND 1
// If the GPU doesn't have full 32 bits precision, will causes overflow
#define LUMA_FP64_HIGH_BITS_OVERFLOW_WORKAROUND 1
`}}var s2=S(()=>{});function c2(r,e){if(Number(r.match(/^#version[ \t]+(\d+)/m)?.[1]||100)!==300)throw new Error("luma.gl v9 only supports GLSL 3.00 shader sources");switch(e){case"vertex":return r=a2(r,MD),r;case"fragment":return r=a2(r,RD),r;default:throw new Error(e)}}function a2(r,e){for(let[t,n]of e)r=r.replace(t,n);return r}function Dy(r){return new RegExp(`\\b${r}[ \\t]+(\\w+[ \\t]+\\w+(\\[\\w+\\])?;)`,"g")}var l2,MD,RD,f2=S(()=>{l2=[[/^(#version[ \t]+(100|300[ \t]+es))?[ \t]*\n/,`#version 300 es
`],[/\btexture(2D|2DProj|Cube)Lod(EXT)?\(/g,"textureLod("],[/\btexture(2D|2DProj|Cube)(EXT)?\(/g,"texture("]],MD=[...l2,[Dy("attribute"),"in $1"],[Dy("varying"),"out $1"]],RD=[...l2,[Dy("varying"),"in $1"]]});function Rd(r,e,t="glsl"){let n="";for(let i in r){let o=r[i];if(n+=`${t==="wgsl"?"fn":"void"} ${o.signature} {
`,o.header&&(n+=`  ${o.header}`),e[i]){let a=e[i];a.sort((c,l)=>c.order-l.order);for(let c of a)n+=`  ${c.injection}
`}o.footer&&(n+=`  ${o.footer}`),n+=`}
`}return n}function Ny(r){let e={vertex:{},fragment:{}};for(let t of r){let n,i;typeof t!="string"?(n=t,i=n.hook):(n={},i=t),i=i.trim();let o=i.indexOf(":"),s=i.slice(0,o),a=i.slice(o+1),c=i.replace(/\(.+/,""),l=Object.assign(n,{signature:a});switch(s){case"vs":e.vertex[c]=l;break;case"fs":e.fragment[c]=l;break;default:throw new Error(s)}}return e}var u2=S(()=>{});function d2(r,e){return{name:ID(r,e),language:"glsl",version:OD(r)}}function ID(r,e="unnamed"){let n=/#define[^\S\r\n]*SHADER_NAME[^\S\r\n]*([A-Za-z0-9_-]+)\s*/.exec(r);return n?n[1]:e}function OD(r){let e=100,t=r.match(/[^\s]+/g);if(t&&t.length>=2&&t[0]==="#version"){let n=parseInt(t[1],10);Number.isFinite(n)&&(e=n)}if(e!==100&&e!==300)throw new Error(`Invalid GLSL version ${e}`);return e}var h2=S(()=>{});function Id(r,e=[]){let t=ha(r),n=new Map;for(let o of e)n.set(m2(o.name,o.group,o.location),o.moduleName);let i=[];for(let o of p2){o.lastIndex=0;let s;for(s=o.exec(t);s;){let a=o===p2[0],c=Number(s[a?1:2]),l=Number(s[a?2:1]),f=s[3]?.trim(),u=s[4],d=s[5].trim(),h=n.get(m2(u,l,c));i.push(BD({name:u,group:l,binding:c,owner:h?"module":"application",moduleName:h,accessDeclaration:f,resourceType:d})),s=o.exec(t)}}return i.sort((o,s)=>o.group!==s.group?o.group-s.group:o.binding!==s.binding?o.binding-s.binding:o.name.localeCompare(s.name))}function BD(r){let e={name:r.name,group:r.group,binding:r.binding,owner:r.owner,kind:"unknown",moduleName:r.moduleName,resourceType:r.resourceType};if(r.accessDeclaration){let t=r.accessDeclaration.split(",").map(n=>n.trim());if(t[0]==="uniform")return{...e,kind:"uniform",access:"uniform"};if(t[0]==="storage"){let n=t[1]||"read_write";return{...e,kind:n==="read"?"read-only-storage":"storage",access:n}}}return r.resourceType==="sampler"||r.resourceType==="sampler_comparison"?{...e,kind:"sampler",samplerKind:r.resourceType==="sampler_comparison"?"comparison":"filtering"}:r.resourceType.startsWith("texture_storage_")?{...e,kind:"storage-texture",access:DD(r.resourceType),viewDimension:g2(r.resourceType)}:r.resourceType.startsWith("texture_")?{...e,kind:"texture",viewDimension:g2(r.resourceType),sampleType:kD(r.resourceType),multisampled:r.resourceType.startsWith("texture_multisampled_")}:e}function m2(r,e,t){return`${e}:${t}:${r}`}function g2(r){if(r.includes("cube_array"))return"cube-array";if(r.includes("2d_array"))return"2d-array";if(r.includes("cube"))return"cube";if(r.includes("3d"))return"3d";if(r.includes("2d"))return"2d";if(r.includes("1d"))return"1d"}function kD(r){if(r.startsWith("texture_depth_"))return"depth";if(r.includes("<i32>"))return"sint";if(r.includes("<u32>"))return"uint";if(r.includes("<f32>"))return"float"}function DD(r){return/,\s*([A-Za-z_][A-Za-z0-9_]*)\s*>$/.exec(r)?.[1]}var p2,Fy=S(()=>{id();p2=[new RegExp(`@binding\\(\\s*(\\d+)\\s*\\)\\s*@group\\(\\s*(\\d+)\\s*\\)\\s*${qr}\\s*:\\s*([^;]+);`,"g"),new RegExp(`@group\\(\\s*(\\d+)\\s*\\)\\s*@binding\\(\\s*(\\d+)\\s*\\)\\s*${qr}\\s*:\\s*([^;]+);`,"g")]});function ss(r,e){let t=r.split(`
`),n=[],i=[],o=!0;for(let s of t){let a=s.match(ND),c=s.match($D)||s.match(FD),l=s.match(UD),f=s.match(zD),u=s.match(VD)||s.match(GD);if(a){let d=WD(a[1],e?.defines||{}),h=o&&d;i.push({parentActive:o,branchTaken:d,active:h}),o=h}else if(c||l){let d=(c||l)?.[1],h=!!e?.defines?.[d],p=c?h:!h,g=o&&p;i.push({parentActive:o,branchTaken:p,active:g}),o=g}else if(f){let d=i[i.length-1];if(!d)throw new Error("Encountered #else without matching #if, #ifdef or #ifndef");d.active=d.parentActive&&!d.branchTaken,d.branchTaken=!0,o=d.active}else u?(i.pop(),o=i.length?i[i.length-1].active:!0):o&&n.push(s)}if(i.length>0)throw new Error("Unterminated conditional block in shader source");return n.join(`
`)}function WD(r,e){let t=r.trim();if(/^[+-]?\d+(?:\.\d+)?$/.test(t))return Number(t)!==0;if(t==="true")return!0;if(t==="false")return!1;let n=t.match(new RegExp(`^!\\s*${os}$`));if(n)return!e[n[1]];let i=t.match(new RegExp(`^${os}$`));if(i)return!!e[i[1]];let o=t.match(new RegExp(`^defined\\s*\\(\\s*${os}\\s*\\)$`));if(o)return e[o[1]]!==void 0;let s=t.match(new RegExp(`^!\\s*defined\\s*\\(\\s*${os}\\s*\\)$`));if(s)return e[s[1]]===void 0;throw new Error(`Unsupported #if expression "${r}"`)}var os,ND,FD,UD,zD,GD,$D,VD,Uy=S(()=>{os="([a-zA-Z_][a-zA-Z0-9_]*)",ND=/^\s*\#\s*if\s+(.+?)\s*(?:\/\/.*)?$/,FD=new RegExp(`^\\s*\\#\\s*ifdef\\s*${os}\\s*$`),UD=new RegExp(`^\\s*\\#\\s*ifndef\\s*${os}\\s*(?:\\/\\/.*)?$`),zD=/^\s*\#\s*else\s*(?:\/\/.*)?$/,GD=/^\s*\#\s*endif\s*$/,$D=new RegExp(`^\\s*\\#\\s*ifdef\\s*${os}\\s*(?:\\/\\/.*)?$`),VD=/^\s*\#\s*endif\s*(?:\/\/.*)?$/});function b2(r,e){let t=[];for(let[n,i]of Object.entries(e))jD(r,n),t.push(`in ${Od(i)} ${n};`);return t.join(`
`)}function x2(r,e,t){let n=Object.entries(t);if(n.length===0)return{source:r,declarations:"",initialization:""};let i=HD(r,e),o=r.slice(i.openParenthesis+1,i.closeParenthesis),s=YD(r,o),a=new Set(s.locations),c=[],l=[],f=[];for(let[g,y]of n){if(s.names.has(g)||XD(r,g))throw new Error(`ShaderPlugin vertex input "${g}" conflicts with an existing WGSL shader input or variable`);let w=KD(a);a.add(w);let x=`_luma_${g}`;c.push(`@location(${w}) ${x}: ${y}`),l.push(`var<private> ${g}: ${y};`),f.push(`${g} = ${x};`)}let u=o.trim()?`,
  `:`
  `,d=o.trim()?"":`
`,h=`${o}${u}${c.join(`,
  `)}${d}`;return{source:r.slice(0,i.openParenthesis+1)+h+r.slice(i.closeParenthesis),declarations:l.join(`
`),initialization:f.join(`
`)}}function Od(r){let{primitiveType:e,components:t}=Zr.getAttributeShaderTypeInfo(r),n=e==="i32"?"int":e==="u32"?"uint":"float";return t===1?n:`${n==="int"?"i":n==="uint"?"u":""}vec${t}`}function jD(r,e){let t=Bd(e);if(new RegExp(`\\b(?:in|attribute)\\s+(?:(?:lowp|mediump|highp)\\s+)?[A-Za-z_][A-Za-z0-9_]*\\s+${t}\\s*(?:\\[|;)`).test(r))throw new Error(`ShaderPlugin vertex input "${e}" conflicts with an existing GLSL input`)}function HD(r,e){let n=new RegExp(`\\bfn\\s+${Bd(e)}\\s*\\(`,"g").exec(r);if(!n)throw new Error(`ShaderPlugin vertex inputs require WGSL vertex entry point "${e}"`);let i=r.indexOf("(",n.index),o=v2(r,i,"(",")");if(o<0)throw new Error(`Unable to parse WGSL vertex entry point "${e}" parameters`);return{openParenthesis:i,closeParenthesis:o}}function YD(r,e){let t=y2(e),n=new Set(_2(e)),i=qD(e);for(let o of i){let s=ZD(r,o);if(s!==null){t.push(...y2(s));for(let a of _2(s))n.add(a)}}return{locations:t,names:n}}function y2(r){let e=[],t=/@location\s*\(\s*(\d+)\s*\)/g,n=t.exec(r);for(;n;)e.push(Number(n[1])),n=t.exec(r);return e}function _2(r){let e=[],t=/(?:^|,)\s*(?:@[A-Za-z_][\w]*(?:\([^)]*\))?\s*)*([A-Za-z_][\w]*)\s*:/gm,n=t.exec(r);for(;n;)e.push(n[1]),n=t.exec(r);return e}function qD(r){let e=[],t=/:\s*([A-Za-z_][\w]*)\b/g,n=t.exec(r);for(;n;)e.push(n[1]),n=t.exec(r);return e}function ZD(r,e){let n=new RegExp(`\\bstruct\\s+${Bd(e)}\\s*\\{`,"g").exec(r);if(!n)return null;let i=r.indexOf("{",n.index),o=v2(r,i,"{","}");return o<0?null:r.slice(i+1,o)}function XD(r,e){let t=Bd(e),n=new RegExp(`\\b(?:var(?:<[^>]+>)?|let|const)\\s+${t}\\b`,"g"),i=n.exec(r);for(;i;){if(QD(r,i.index)===0)return!0;i=n.exec(r)}return!1}function KD(r){let e=0;for(;r.has(e);)e++;return e}function v2(r,e,t,n){let i=0,o=0,s=!1;for(let a=e;a<r.length;a++){let c=r[a],l=r[a+1];if(s){c===`
`&&(s=!1);continue}if(o>0){c==="/"&&l==="*"?(o++,a++):c==="*"&&l==="/"&&(o--,a++);continue}if(c==="/"&&l==="/"){s=!0,a++;continue}if(c==="/"&&l==="*"){o=1,a++;continue}if(c===t&&i++,c===n&&--i===0)return a}return-1}function QD(r,e){let t=0,n=0,i=!1;for(let o=0;o<e;o++){let s=r[o],a=r[o+1];if(i){s===`
`&&(i=!1);continue}if(n>0){s==="/"&&a==="*"?(n++,o++):s==="*"&&a==="/"&&(n--,o++);continue}s==="/"&&a==="/"?(i=!0,o++):s==="/"&&a==="*"?(n=1,o++):s==="{"?t++:s==="}"&&t--}return t}function Bd(r){return r.replace(/[.*+?^${}()|[\]\\]/g,"\\$&")}var zy=S(()=>{se()});function E2(r,e,t){let n=[],i=[];for(let[o,s]of Object.entries(t)){u4(r,o);let a=s.interpolation==="flat"?"flat ":"",c=e==="vertex"?"out":"in";n.push(`${a}${c} ${Od(s.type)} ${o};`),e==="vertex"&&i.push(`${o} = ${l4(s.type)};`)}return{declarations:n.join(`
`),initialization:i.join(`
`)}}function P2(r,e,t,n){let i=Object.entries(n);if(i.length===0)return{source:r,declarations:"",vertexInitialization:"",fragmentInitialization:""};let o=r,s=kd(o,e,"vertex"),a=JD(o,s),c=kd(o,t,"fragment"),l=e4(o,c),f=Gy(o,a),u=Gy(o,l.type),d=new Set([...Dd(s.parameters),...Dd(f.body),...Dd(c.parameters),...Dd(u.body)]),h=new Set([...w2(f.body),...w2(u.body)]),p=[],g=[],y=[],w=[];for(let[T,L]of i){if(d.has(T)||a4(o,T))throw new Error(`ShaderPlugin varying "${T}" conflicts with existing WGSL stage I/O or a module variable`);let D=c4(h);h.add(D);let B=L.interpolation==="flat"?" @interpolate(flat)":"";p.push(`  @location(${D})${B} ${T}: ${L.type},`),g.push(`var<private> ${T}: ${L.type};`),y.push(`${T} = ${f4(L.type)};`),w.push(`${T} = ${l.name}.${T};`)}t4(o,a,s.openBrace,s.closeBrace),o=r4(o,a,s,i.map(([T])=>T)),s=kd(o,e,"vertex"),o=n4(o,s,i.map(([T])=>T));let b=(a===l.type?[a]:[a,l.type]).map(T=>Gy(o,T).closeBrace).sort((T,L)=>L-T);for(let T of b)o=o.slice(0,T)+`${p.join(`
`)}
`+o.slice(T);if(c=kd(o,t,"fragment"),!new RegExp(`\\b${as(l.name)}\\s*:`).test(c.parameters))throw new Error(`Unable to preserve WGSL fragment input "${l.name}"`);return{source:o,declarations:g.join(`
`),vertexInitialization:y.join(`
`),fragmentInitialization:w.join(`
`)}}function kd(r,e,t){let i=new RegExp(`\\bfn\\s+${as(e)}\\s*\\(`,"g").exec(r);if(!i)throw new Error(`ShaderPlugin varyings require WGSL ${t} entry point "${e}"`);let o=r.indexOf("(",i.index),s=Nd(r,o,"(",")"),a=r.indexOf("{",s),c=Nd(r,a,"{","}");if(s<0||a<0||c<0)throw new Error(`Unable to parse WGSL ${t} entry point "${e}"`);return{openParenthesis:o,closeParenthesis:s,openBrace:a,closeBrace:c,parameters:r.slice(o+1,s)}}function JD(r,e){let t=r.slice(e.closeParenthesis+1,e.openBrace),n=/->\s*([A-Za-z_][\w]*)\s*$/.exec(t.trim());if(!n||$y(r,n[1])===null)throw new Error("ShaderPlugin varyings require the WGSL vertex entry point to return a named struct");return n[1]}function e4(r,e){let t=[];for(let n of s4(e.parameters,",")){let i=/(?:@[A-Za-z_][\w]*(?:\([^)]*\))?\s*)*([A-Za-z_][\w]*)\s*:\s*([A-Za-z_][\w]*)\s*$/.exec(n.trim());i&&$y(r,i[2])&&t.push({name:i[1],type:i[2]})}if(t.length!==1)throw new Error(`ShaderPlugin varyings require exactly one named WGSL fragment input struct; found ${t.length}`);return t[0]}function Gy(r,e){let t=$y(r,e);if(!t)throw new Error(`Unable to find WGSL stage I/O struct "${e}"`);return t}function $y(r,e){let n=new RegExp(`\\bstruct\\s+${as(e)}\\s*\\{`,"g").exec(r);if(!n)return null;let i=r.indexOf("{",n.index),o=Nd(r,i,"{","}");return o<0?null:{openBrace:i,closeBrace:o,body:r.slice(i+1,o)}}function t4(r,e,t,n){let i=new RegExp(`\\b${as(e)}\\s*\\(`,"g"),o=i.exec(r);for(;o;){if(o.index<t||o.index>n)throw new Error(`ShaderPlugin varying output struct "${e}" is constructed outside the selected vertex entry point`);o=i.exec(r)}}function r4(r,e,t,n){let i=new RegExp(`\\b${as(e)}\\s*\\(`,"g"),o=[],s=i.exec(r);for(;s;){if(s.index>t.openBrace&&s.index<t.closeBrace){let a=r.indexOf("(",s.index),c=Nd(r,a,"(",")");if(c<0||c>t.closeBrace)throw new Error(`Unable to parse WGSL output constructor "${e}"`);o.push({openParenthesis:a,closeParenthesis:c})}s=i.exec(r)}for(let a of o.sort((c,l)=>l.closeParenthesis-c.closeParenthesis)){let l=r.slice(a.openParenthesis+1,a.closeParenthesis).trim()?", ":"";r=r.slice(0,a.closeParenthesis)+l+n.join(", ")+r.slice(a.closeParenthesis)}return r}function n4(r,e,t){let n=i4(r,e.openBrace+1,e.closeBrace);for(let i=n.length-1;i>=0;i--){let o=n[i],s=r.slice(o.expressionStart,o.semicolon).trim();if(!s)throw new Error("ShaderPlugin varying vertex entry point cannot use an empty return");let a=`_luma_vertexOutput${i}`,c=t.map(f=>`${a}.${f} = ${f};`).join(`
`),l=`{
var ${a} = ${s};
${c}
return ${a};
}`;r=r.slice(0,o.start)+l+r.slice(o.semicolon+1)}return r}function i4(r,e,t){let n=[],i=e;for(;i<t;)if(i=Vy(r,i,t),r.slice(i,i+6)==="return"&&!/[A-Za-z0-9_]/.test(r[i+6]||"")){let o=i+6,s=o4(r,o,t);if(s<0)throw new Error("Unable to parse WGSL return statement in selected vertex entry point");n.push({start:i,expressionStart:o,semicolon:s}),i=s+1}else i++;return n}function o4(r,e,t){let n=0,i=0;for(let o=e;o<t;o++){let s=Vy(r,o,t);if(s!==o){o=s-1;continue}let a=r[o];if(a==="("&&n++,a===")"&&n--,a==="["&&i++,a==="]"&&i--,a===";"&&n===0&&i===0)return o}return-1}function Vy(r,e,t){let n=e;if(r[n]==="/"&&r[n+1]==="/"){let i=r.indexOf(`
`,n+2);return i<0||i>t?t:i+1}if(r[n]==="/"&&r[n+1]==="*"){let i=1;for(n+=2;n<t&&i>0;)r[n]==="/"&&r[n+1]==="*"?(i++,n+=2):r[n]==="*"&&r[n+1]==="/"?(i--,n+=2):n++}return n}function s4(r,e){let t=[],n=0,i=0,o=0;for(let s=0;s<r.length;s++){let a=r[s];a==="("&&i++,a===")"&&i--,a==="<"&&o++,a===">"&&o--,a===e&&i===0&&o===0&&(t.push(r.slice(n,s)),n=s+1)}return t.push(r.slice(n)),t}function w2(r){let e=[],t=/@location\s*\(\s*(\d+)\s*\)/g,n=t.exec(r);for(;n;)e.push(Number(n[1])),n=t.exec(r);return e}function Dd(r){let e=[],t=/(?:^|,)\s*(?:@[A-Za-z_][\w]*(?:\([^)]*\))?\s*)*([A-Za-z_][\w]*)\s*:/gm,n=t.exec(r);for(;n;)e.push(n[1]),n=t.exec(r);return e}function a4(r,e){let t=new RegExp(`\\b(?:var(?:<[^>]+>)?|let|const)\\s+${as(e)}\\b`,"g"),n=t.exec(r);for(;n;){if(d4(r,n.index)===0)return!0;n=t.exec(r)}return!1}function c4(r){let e=0;for(;r.has(e);)e++;return e}function l4(r){let{primitiveType:e,components:t}=Zr.getAttributeShaderTypeInfo(r),n=e==="u32"?"0u":e==="i32"?"0":"0.0";return t===1?n:`${Od(r)}(${n})`}function f4(r){let{primitiveType:e,components:t}=Zr.getAttributeShaderTypeInfo(r),n=`${e}(0)`;return t===1?n:`${r}(${n})`}function u4(r,e){if(new RegExp(`\\b(?:flat\\s+|smooth\\s+)?(?:in|out|varying)\\s+(?:(?:lowp|mediump|highp)\\s+)?[A-Za-z_][A-Za-z0-9_]*\\s+${as(e)}\\s*(?:\\[|;)`).test(r))throw new Error(`ShaderPlugin varying "${e}" conflicts with existing GLSL stage I/O`)}function Nd(r,e,t,n){let i=0,o=0,s=!1;for(let a=e;a<r.length;a++){let c=r[a],l=r[a+1];if(s){c===`
`&&(s=!1);continue}if(o>0){c==="/"&&l==="*"?(o++,a++):c==="*"&&l==="/"&&(o--,a++);continue}if(c==="/"&&l==="/"){s=!0,a++;continue}if(c==="/"&&l==="*"){o=1,a++;continue}if(c===t&&i++,c===n&&--i===0)return a}return-1}function d4(r,e){let t=0;for(let n=0;n<e;n++){let i=Vy(r,n,e);if(i!==n){n=i-1;continue}r[n]==="{"&&t++,r[n]==="}"&&t--}return t}function as(r){return r.replace(/[.*+?^${}()|[\]\\]/g,"\\$&")}var S2=S(()=>{se();zy()});function A2(r){let e=Yo(r.modules||[]),{source:t,bindingAssignments:n}=p4(r.platformInfo,{...r,source:r.source,stage:"vertex",modules:e});return{source:t,getUniforms:M2(e),bindingAssignments:n,bindingTable:Id(t,n),shaderLayout:sd(t,{vertexEntryPoint:r.vertexEntryPoint,scanVertexAttributes:r.scanVertexAttributes})}}function C2(r){let{vs:e,fs:t}=r,n=Yo(r.modules||[]);return{vs:T2(r.platformInfo,{...r,source:e,stage:"vertex",modules:n}),fs:T2(r.platformInfo,{...r,source:t,stage:"fragment",modules:n}),getUniforms:M2(n)}}function p4(r,e){let{source:t,stage:n,modules:i,defines:o={},hookFunctions:s=[],inject:a={},pluginInjections:c={},pluginVertexInputs:l={},pluginVaryings:f={},vertexEntryPoint:u="vertexMain",fragmentEntryPoint:d="fragmentMain",log:h}=e;Ri(typeof t=="string","shader source must be a string");let p=ss(t,{defines:o}),g=x2(p,u,l),y=P2(g.source,u,d,f),w=y.source,x="",b=Ny(s),v={},T={},L={};R2(c,v,T,L);for(let G in a){let O=typeof a[G]=="string"?{injection:a[G],order:0}:a[G],$=/^(v|f)s:(#)?([\w-]+)$/.exec(G);if($){let H=$[2],te=$[3];H?te==="decl"?T[G]=[O]:L[G]=[O]:v[G]=[O]}else L[G]=[O]}m4(g.declarations,g.initialization,T,L),g4(y,T,L);let D=i,B=w4(w),F=v4(B.source),M=T4(D,e._bindingRegistry,F,o),N=[];for(let G of D){h&&Zg(G,w,h);let O=ss(I2(G,"wgsl",h),{defines:o}),$=E4(O,G,{usedBindingsByGroup:F,bindingRegistry:e._bindingRegistry,reservedBindingKeysByGroup:M});N.push(...$.bindingAssignments);let H=$.source;x+=H;let te=y4(G);for(let X in te){let Ne=/^(v|f)s:#([\w-]+)$/.exec(X);if(Ne){let xe=Ne[2]==="decl"?T:L;xe[X]=xe[X]||[],xe[X].push(te[X])}else v[X]=v[X]||[],v[X].push(te[X])}}return x+=Wy,x=Qc(x,n,_4(T),!1,"wgsl",{vertex:u,fragment:d}),x+=b4(b,v),x+=I4(N),x+=B.source,x=Qc(x,n,L,!1,"wgsl",{vertex:u,fragment:d}),R4(x),{source:x,bindingAssignments:N}}function T2(r,e){let{source:t,stage:n,language:i="glsl",modules:o,defines:s={},hookFunctions:a=[],inject:c={},pluginInjections:l={},pluginVertexInputs:f={},pluginVaryings:u={},prologue:d=!0,log:h}=e;Ri(typeof t=="string","shader source must be a string");let p=i==="glsl"?d2(t).version:-1,g=r.shaderLanguageVersion,y=p===100?"#version 100":"#version 300 es",x=t.split(`
`).slice(1).join(`
`),b={};o.forEach(M=>{Object.assign(b,M.defines)}),Object.assign(b,s);let v="";switch(i){case"wgsl":break;case"glsl":v=d?`${y}

// ----- PROLOGUE -------------------------
${`#define SHADER_TYPE_${n.toUpperCase()}`}

${o2(r)}
${n==="fragment"?h4:""}

// ----- APPLICATION DEFINES -------------------------

${x4(b)}

`:`${y}
`;break}let T=Ny(a),L={},D={},B={};R2(l,L,D,B);for(let M in c){let N=typeof c[M]=="string"?{injection:c[M],order:0}:c[M],G=/^(v|f)s:(#)?([\w-]+)$/.exec(M);if(G){let O=G[2],$=G[3];O?$==="decl"?D[M]=[N]:B[M]=[N]:L[M]=[N]}else B[M]=[N]}if(n==="vertex"){let M=b2(x,f);M&&(D["vs:#decl"]=D["vs:#decl"]||[],D["vs:#decl"].push({injection:M,order:Number.MIN_SAFE_INTEGER}))}let F=E2(x,n,u);if(F.declarations){let M=n==="vertex"?"vs:#decl":"fs:#decl";D[M]=D[M]||[],D[M].push({injection:F.declarations,order:Number.MIN_SAFE_INTEGER})}F.initialization&&(B["vs:#main-start"]=B["vs:#main-start"]||[],B["vs:#main-start"].push({injection:F.initialization,order:Number.MIN_SAFE_INTEGER}));for(let M of o){h&&Zg(M,x,h);let N=I2(M,n,h);v+=N;let G=M.instance?.normalizedInjections[n]||{};for(let O in G){let $=/^(v|f)s:#([\w-]+)$/.exec(O);if($){let te=$[2]==="decl"?D:B;te[O]=te[O]||[],te[O].push(G[O])}else L[O]=L[O]||[],L[O].push(G[O])}}return v+="// ----- MAIN SHADER SOURCE -------------------------",v+=Wy,v=Qc(v,n,D),v+=Rd(T[n],L),v+=x,v=Qc(v,n,B),i==="glsl"&&p!==g&&(v=c2(v,n)),i==="glsl"&&By(v,n,h),v.trim()}function M2(r){return function(t){let n={};for(let i of r){let o=i.getUniforms?.(t,n);Object.assign(n,o)}return n}}function R2(r,e,t,n){for(let i in r){let o=/^(v|f)s:(#)?([\w-]+)$/.exec(i);if(o){let s=o[2],a=o[3],c=s?a==="decl"?t:n:e;c[i]=c[i]||[],c[i].push(...r[i])}else n[i]=n[i]||[],n[i].push(...r[i])}}function m4(r,e,t,n){r&&(t["vs:#decl"]=t["vs:#decl"]||[],t["vs:#decl"].push({injection:r,order:Number.MIN_SAFE_INTEGER})),e&&(n["vs:#main-start"]=n["vs:#main-start"]||[],n["vs:#main-start"].push({injection:e,order:Number.MIN_SAFE_INTEGER}))}function g4(r,e,t){r.declarations&&(e["vs:#decl"]=e["vs:#decl"]||[],e["vs:#decl"].push({injection:r.declarations,order:Number.MIN_SAFE_INTEGER})),r.vertexInitialization&&(t["vs:#main-start"]=t["vs:#main-start"]||[],t["vs:#main-start"].push({injection:r.vertexInitialization,order:Number.MIN_SAFE_INTEGER})),r.fragmentInitialization&&(t["fs:#main-start"]=t["fs:#main-start"]||[],t["fs:#main-start"].push({injection:r.fragmentInitialization,order:Number.MIN_SAFE_INTEGER}))}function y4(r){return{...r.instance?.normalizedInjections.vertex||{},...r.instance?.normalizedInjections.fragment||{}}}function _4(r){let e=[...r["vs:#decl"]||[],...r["fs:#decl"]||[]];return e.length?{"vs:#decl":e}:{}}function b4(r,e){return Rd(r.vertex,e,"wgsl")+Rd(r.fragment,e,"wgsl")}function x4(r={}){let e="";for(let t in r){let n=r[t];(n||Number.isFinite(n))&&(e+=`#define ${t.toUpperCase()} ${r[t]}
`)}return e}function I2(r,e,t){let n;switch(e){case"vertex":n=r.vs||"";break;case"fragment":n=r.fs||"";break;case"wgsl":n=r.source||"";break;default:Ri(!1)}if(!r.name)throw new Error("Shader module must have a name");Oy(r,e,{log:t});let i=r.name.toUpperCase().replace(/[^0-9a-z]/gi,"_"),o=`// ----- MODULE ${r.name} ---------------

`;return e!=="wgsl"&&(o+=`#define MODULE_${i}
`),o+=`${n}
`,o}function v4(r){let e=new Map;for(let t of Ho(r,LE)){let n=Number(t.bindingToken),i=Number(t.groupToken);jy(i,n,t.name),va(e,i,n,`application binding "${t.name}"`)}return e}function w4(r){let e=Ho(r,nd),t=new Map;for(let o of e){if(o.bindingToken==="auto")continue;let s=Number(o.bindingToken),a=Number(o.groupToken);jy(a,s,o.name),va(t,a,s,`application binding "${o.name}"`)}let n={sawSupportedBindingDeclaration:e.length>0},i=Ug(r,nd,o=>S4(o,t,n));if(zg(r)&&!n.sawSupportedBindingDeclaration)throw new Error('Unsupported @binding(auto) declaration form in application WGSL. Use adjacent "@group(N)" and "@binding(auto)" decorators followed by a bindable "var" declaration.');return{source:i}}function E4(r,e,t){let n=[],o={sawSupportedBindingDeclaration:Ho(r,da).length>0,nextHintedBindingLocation:typeof e.firstBindingSlot=="number"?e.firstBindingSlot:null},s=Ug(r,da,a=>P4(a,{module:e,context:t,bindingAssignments:n,relocationState:o}));if(zg(r)&&!o.sawSupportedBindingDeclaration)throw new Error(`Unsupported @binding(auto) declaration form in module "${e.name}". Use adjacent "@group(N)" and "@binding(auto)" decorators followed by a bindable "var" declaration.`);return{source:s,bindingAssignments:n}}function P4(r,e){let{module:t,context:n,bindingAssignments:i,relocationState:o}=e,{match:s,bindingToken:a,groupToken:c,name:l}=r,f=Number(c);if(a==="auto"){let d=O2(f,t.name,l),h=n.bindingRegistry?.get(d),p=h!==void 0?h:C4(f,n.usedBindingsByGroup,t.name,o.nextHintedBindingLocation??void 0,n.bindingRegistry);return L2(t.name,f,p,l),h!==void 0&&L4(n.reservedBindingKeysByGroup,f,p,d)?(i.push({moduleName:t.name,name:l,group:f,location:p}),s.replace(/@binding\(\s*auto\s*\)/,`@binding(${p})`)):(va(n.usedBindingsByGroup,f,p,`module "${t.name}" binding "${l}"`),n.bindingRegistry?.set(d,p),i.push({moduleName:t.name,name:l,group:f,location:p}),o.nextHintedBindingLocation!==null&&h===void 0&&(o.nextHintedBindingLocation=p+1),s.replace(/@binding\(\s*auto\s*\)/,`@binding(${p})`))}let u=Number(a);return L2(t.name,f,u,l),va(n.usedBindingsByGroup,f,u,`module "${t.name}" binding "${l}"`),i.push({moduleName:t.name,name:l,group:f,location:u}),s}function S4(r,e,t){let{match:n,bindingToken:i,groupToken:o,name:s}=r,a=Number(o);if(i==="auto"){let c=M4(a,e);return jy(a,c,s),va(e,a,c,`application binding "${s}"`),n.replace(/@binding\(\s*auto\s*\)/,`@binding(${c})`)}return t.sawSupportedBindingDeclaration=!0,n}function T4(r,e,t,n){let i=new Map;if(!e)return i;for(let o of r)for(let s of A4(o,n)){let a=O2(s.group,o.name,s.name),c=e.get(a);if(c!==void 0){let l=i.get(s.group)||new Map,f=l.get(c);if(f&&f!==a)throw new Error(`Duplicate WGSL binding reservation for modules "${f}" and "${a}": group ${s.group}, binding ${c}.`);va(t,s.group,c,`registered module binding "${a}"`),l.set(c,a),i.set(s.group,l)}}return i}function L4(r,e,t,n){let i=r.get(e);if(!i)return!1;let o=i.get(t);if(!o)return!1;if(o!==n)throw new Error(`Registered module binding "${n}" collided with "${o}": group ${e}, binding ${t}.`);return!0}function A4(r,e){let t=[],n=ss(r.source||"",{defines:e});for(let i of Ho(n,da))t.push({name:i.name,group:Number(i.groupToken)});return t}function jy(r,e,t){if(r===0&&e>=wl)throw new Error(`Application binding "${t}" in group 0 uses reserved binding ${e}. Application-owned explicit group-0 bindings must stay below ${wl}.`)}function L2(r,e,t,n){if(e===0&&t<wl)throw new Error(`Module "${r}" binding "${n}" in group 0 uses reserved application binding ${t}. Module-owned explicit group-0 bindings must be ${wl} or higher.`)}function va(r,e,t,n){let i=r.get(e)||new Set;if(i.has(t))throw new Error(`Duplicate WGSL binding assignment for ${n}: group ${e}, binding ${t}.`);i.add(t),r.set(e,i)}function C4(r,e,t,n,i){let o=e.get(r)||new Set,s=new Set,a=`${r}:`,c=`${a}${t}:`;for(let[f,u]of i||[])f.startsWith(c)&&s.add(u);let l=n??(r===0?wl:o.size>0?Math.max(...o)+1:0);for(;o.has(l)||s.has(l);)l++;for(let[f,u]of i||[])u===l&&f.startsWith(a)&&i?.delete(f);return l}function M4(r,e){let t=e.get(r)||new Set,n=0;for(;t.has(n);)n++;return n}function R4(r){let e=AE(r,da);if(!e)return;let t=O4(r,e.index);throw t?new Error(`Unresolved @binding(auto) for module "${t}" binding "${e.name}" remained in assembled WGSL source.`):B4(r,e.index)?new Error(`Unresolved @binding(auto) for application binding "${e.name}" remained in assembled WGSL source.`):new Error(`Unresolved @binding(auto) remained in assembled WGSL source near "${k4(e.match)}".`)}function I4(r){if(r.length===0)return"";let e=`// ----- MODULE WGSL BINDING ASSIGNMENTS ---------------
`;for(let t of r)e+=`// ${t.moduleName}.${t.name} -> @group(${t.group}) @binding(${t.location})
`;return e+=`
`,e}function O2(r,e,t){return`${r}:${e}:${t}`}function O4(r,e){let t=/^\/\/ ----- MODULE ([^\n]+) ---------------$/gm,n,i;for(i=t.exec(r);i&&i.index<=e;)n=i[1],i=t.exec(r);return n}function B4(r,e){let t=r.indexOf(Wy);return t>=0?e>t:!0}function k4(r){return r.replace(/\s+/g," ").trim()}var Wy,wl,h4,B2=S(()=>{Xg();s2();qg();f2();fd();ky();u2();cd();h2();Fy();jg();Uy();zy();S2();id();Wy=`

${Kc}
`,wl=100,h4=`precision highp float;
`});var hn,wa,fo,k2=S(()=>{fd();B2();Fy();Uy();jg();cd();hn=class r{static defaultShaderAssemblers={};_hookFunctions=[];_defaultModules=[];static getDefaultShaderAssembler(e){return Ri(e==="glsl"||e==="wgsl"),e==="wgsl"?(r.defaultShaderAssemblers.wgsl=r.defaultShaderAssemblers.wgsl||new fo,r.defaultShaderAssemblers.wgsl):(r.defaultShaderAssemblers.glsl=r.defaultShaderAssemblers.glsl||new wa,r.defaultShaderAssemblers.glsl)}addDefaultModule(e){this._defaultModules.find(t=>t.name===(typeof e=="string"?e:e.name))||this._defaultModules.push(e)}removeDefaultModule(e){let t=typeof e=="string"?e:e.name;this._defaultModules=this._defaultModules.filter(n=>n.name!==t)}addShaderHook(e,t){t&&(e=Object.assign(t,{hook:e})),this._hookFunctions.push(e)}_getModuleList(e=[]){let t=new Array(this._defaultModules.length+e.length),n={},i=0;for(let o=0,s=this._defaultModules.length;o<s;++o){let a=this._defaultModules[o],c=a.name;t[i++]=a,n[c]=!0}for(let o=0,s=e.length;o<s;++o){let a=e[o],c=a.name;n[c]||(t[i++]=a,n[c]=!0)}return t.length=i,pa(t),t}},wa=class extends hn{shaderLanguage="glsl";assembleGLSLShaderPair(e){let t=this._getModuleList(e.modules),n=this._hookFunctions;return{...C2({...e,vs:e.vs,fs:e.fs,modules:t,hookFunctions:n}),modules:t}}},fo=class r extends hn{shaderLanguage="wgsl";_wgslBindingRegistry=new Map;assembleWGSLShader(e){let t=this._getModuleList(e.modules),n=this._hookFunctions,i=r.getShaderPreprocessorDefines(e,t),o=e.platformInfo.shaderLanguage==="wgsl"&&e.source?ss(e.source,{defines:i}):e.source,{source:s,getUniforms:a,bindingAssignments:c}=A2({...e,source:o,defines:i,_bindingRegistry:this._wgslBindingRegistry,modules:t,hookFunctions:n}),l=e.platformInfo.shaderLanguage==="wgsl"?ss(s,{defines:i}):s;return{source:l,getUniforms:a,modules:t,bindingAssignments:c,bindingTable:Id(l,c),shaderLayout:sd(l,{vertexEntryPoint:e.vertexEntryPoint,scanVertexAttributes:e.scanVertexAttributes})}}static getShaderPreprocessorDefines(e,t){return{...r.getPlatformPreprocessorDefines(e.platformInfo),...t.reduce((n,i)=>(Object.assign(n,i.defines),n),{}),...e.defines}}static getPlatformPreprocessorDefines(e){let t=e.limits||{};return{LUMA_SUPPORTS_VERTEX_STORAGE_BUFFERS:e.type==="webgpu"&&(t.maxStorageBuffersInVertexStage||0)>0,LUMA_FP32_TAN_PRECISION_WORKAROUND:e.type==="webgpu"&&e.gpu.toLowerCase()!=="nvidia"&&e.gpu.toLowerCase()!=="amd",LUMA_FP64_INTEGER_ARITHMETIC:e.type==="webgpu"&&e.gpu.toLowerCase()==="apple"}}}});function Hy(r){let{input:e,inputChannels:t,output:n}=r||{};if(!e)return N4;if(!t)throw new Error("inputChannels");let i=F4(t),o=D2(e,t);return`#version 300 es
in ${i} ${e};
out vec4 ${n};
void main() {
  ${n} = ${o};
}`}function F4(r){switch(r){case 1:return"float";case 2:return"vec2";case 3:return"vec3";case 4:return"vec4";default:throw new Error(`invalid channels: ${r}`)}}function D2(r,e){switch(e){case 1:return`vec4(${r}, 0.0, 0.0, 1.0)`;case 2:return`vec4(${r}, 0.0, 1.0)`;case 3:return`vec4(${r}, 1.0)`;case 4:return r;default:throw new Error(`invalid channels: ${e}`)}}var D4,N4,N2=S(()=>{D4=`out vec4 transform_output;
void main() {
  transform_output = vec4(0);
}`,N4=`#version 300 es
${D4}`});function Yy(r,{precision:e=Ht.precision}={}){return r=z4(r),`${parseFloat(r.toPrecision(e))}`}function Oi(r){return Array.isArray(r)||ArrayBuffer.isView(r)&&!(r instanceof DataView)}function lt(r,e,t){return $4(r,n=>Math.max(e,Math.min(t,n)))}function An(r,e,t){return Oi(r)?r.map((n,i)=>An(n,e[i],t)):t*e+(1-t)*r}function oi(r,e,t){let n=Ht.EPSILON;t&&(Ht.EPSILON=t);try{if(r===e)return!0;if(Oi(r)&&Oi(e)){if(r.length!==e.length)return!1;for(let i=0;i<r.length;++i)if(!oi(r[i],e[i]))return!1;return!0}return r&&r.equals?r.equals(e):e&&e.equals?e.equals(r):typeof r=="number"&&typeof e=="number"?Math.abs(r-e)<=Ht.EPSILON*Math.max(1,Math.abs(r),Math.abs(e)):!1}finally{Ht.EPSILON=n}}function z4(r){return Math.round(r/Ht.EPSILON)*Ht.EPSILON}function G4(r){return r.clone?r.clone():new Array(r.length)}function $4(r,e,t){if(Oi(r)){let n=r;t=t||G4(n);for(let i=0;i<t.length&&i<n.length;++i){let o=typeof r=="number"?r:r[i];t[i]=e(o,i,t)}return t}return e(r)}var EK,PK,U4,Ht,Ea=S(()=>{EK=1/Math.PI*180,PK=1/180*Math.PI,U4={EPSILON:1e-12,debug:!1,precision:4,printTypes:!1,printDegrees:!1,printRowMajor:!0,_cartographicRadians:!1};globalThis.mathgl=globalThis.mathgl||{config:{...U4}};Ht=globalThis.mathgl.config});var Pa,qy=S(()=>{Ea();Pa=class extends Array{clone(){return new this.constructor().copy(this)}fromArray(e,t=0){for(let n=0;n<this.ELEMENTS;++n)this[n]=e[n+t];return this.check()}toArray(e=[],t=0){for(let n=0;n<this.ELEMENTS;++n)e[t+n]=this[n];return e}toObject(e){return e}from(e){return Array.isArray(e)?this.copy(e):this.fromObject(e)}to(e){return e===this?this:Oi(e)?this.toArray(e):this.toObject(e)}toTarget(e){return e?this.to(e):this}toFloat32Array(){return new Float32Array(this)}toString(){return this.formatString(Ht)}formatString(e){let t="";for(let n=0;n<this.ELEMENTS;++n)t+=(n>0?", ":"")+Yy(this[n],e);return`${e.printTypes?this.constructor.name:""}[${t}]`}equals(e){if(!e||this.length!==e.length)return!1;for(let t=0;t<this.ELEMENTS;++t)if(!oi(this[t],e[t]))return!1;return!0}exactEquals(e){if(!e||this.length!==e.length)return!1;for(let t=0;t<this.ELEMENTS;++t)if(this[t]!==e[t])return!1;return!0}negate(){for(let e=0;e<this.ELEMENTS;++e)this[e]=-this[e];return this.check()}lerp(e,t,n){if(n===void 0)return this.lerp(this,e,t);for(let i=0;i<this.ELEMENTS;++i){let o=e[i],s=typeof t=="number"?t:t[i];this[i]=o+n*(s-o)}return this.check()}min(e){for(let t=0;t<this.ELEMENTS;++t)this[t]=Math.min(e[t],this[t]);return this.check()}max(e){for(let t=0;t<this.ELEMENTS;++t)this[t]=Math.max(e[t],this[t]);return this.check()}clamp(e,t){for(let n=0;n<this.ELEMENTS;++n)this[n]=Math.min(Math.max(this[n],e[n]),t[n]);return this.check()}add(...e){for(let t of e)for(let n=0;n<this.ELEMENTS;++n)this[n]+=t[n];return this.check()}subtract(...e){for(let t of e)for(let n=0;n<this.ELEMENTS;++n)this[n]-=t[n];return this.check()}scale(e){if(typeof e=="number")for(let t=0;t<this.ELEMENTS;++t)this[t]*=e;else for(let t=0;t<this.ELEMENTS&&t<e.length;++t)this[t]*=e[t];return this.check()}multiplyByScalar(e){for(let t=0;t<this.ELEMENTS;++t)this[t]*=e;return this.check()}check(){if(Ht.debug&&!this.validate())throw new Error(`math.gl: ${this.constructor.name} some fields set to invalid numbers'`);return this}validate(){let e=this.length===this.ELEMENTS;for(let t=0;t<this.ELEMENTS;++t)e=e&&Number.isFinite(this[t]);return e}sub(e){return this.subtract(e)}setScalar(e){for(let t=0;t<this.ELEMENTS;++t)this[t]=e;return this.check()}addScalar(e){for(let t=0;t<this.ELEMENTS;++t)this[t]+=e;return this.check()}subScalar(e){return this.addScalar(-e)}multiplyScalar(e){for(let t=0;t<this.ELEMENTS;++t)this[t]*=e;return this.check()}divideScalar(e){return this.multiplyByScalar(1/e)}clampScalar(e,t){for(let n=0;n<this.ELEMENTS;++n)this[n]=Math.min(Math.max(this[n],e),t);return this.check()}get elements(){return this}}});function V4(r,e){if(r.length!==e)return!1;for(let t=0;t<r.length;++t)if(!Number.isFinite(r[t]))return!1;return!0}function rr(r){if(!Number.isFinite(r))throw new Error(`Invalid number ${JSON.stringify(r)}`);return r}function Fd(r,e,t=""){if(Ht.debug&&!V4(r,e))throw new Error(`math.gl: ${t} some fields set to invalid numbers'`);return r}var El=S(()=>{Ea()});function Zy(r,e){if(!r)throw new Error(`math.gl assertion ${e}`)}var F2=S(()=>{});var Ud,U2=S(()=>{qy();El();F2();Ud=class extends Pa{get x(){return this[0]}set x(e){this[0]=rr(e)}get y(){return this[1]}set y(e){this[1]=rr(e)}len(){return Math.sqrt(this.lengthSquared())}magnitude(){return this.len()}lengthSquared(){let e=0;for(let t=0;t<this.ELEMENTS;++t)e+=this[t]*this[t];return e}magnitudeSquared(){return this.lengthSquared()}distance(e){return Math.sqrt(this.distanceSquared(e))}distanceSquared(e){let t=0;for(let n=0;n<this.ELEMENTS;++n){let i=this[n]-e[n];t+=i*i}return rr(t)}dot(e){let t=0;for(let n=0;n<this.ELEMENTS;++n)t+=this[n]*e[n];return rr(t)}normalize(){let e=this.magnitude();if(e!==0)for(let t=0;t<this.ELEMENTS;++t)this[t]/=e;return this.check()}multiply(...e){for(let t of e)for(let n=0;n<this.ELEMENTS;++n)this[n]*=t[n];return this.check()}divide(...e){for(let t of e)for(let n=0;n<this.ELEMENTS;++n)this[n]/=t[n];return this.check()}lengthSq(){return this.lengthSquared()}distanceTo(e){return this.distance(e)}distanceToSquared(e){return this.distanceSquared(e)}getComponent(e){return Zy(e>=0&&e<this.ELEMENTS,"index is out of range"),rr(this[e])}setComponent(e,t){return Zy(e>=0&&e<this.ELEMENTS,"index is out of range"),this[e]=t,this.check()}addVectors(e,t){return this.copy(e).add(t)}subVectors(e,t){return this.copy(e).subtract(t)}multiplyVectors(e,t){return this.copy(e).multiply(t)}addScaledVector(e,t){return this.add(new this.constructor(e).multiplyScalar(t))}}});function pn(r){return r>=0?Math.round(r):r%.5===0?Math.floor(r):Math.round(r)}var He,si,kK,cs=S(()=>{He=typeof Float32Array<"u"?Float32Array:Array,si=Math.random;kK=Math.PI/180});var Er={};Ti(Er,{add:()=>q4,angle:()=>hN,ceil:()=>Z4,clone:()=>W4,copy:()=>H4,create:()=>z2,cross:()=>sN,dist:()=>wN,distance:()=>W2,div:()=>vN,divide:()=>V2,dot:()=>oN,equals:()=>yN,exactEquals:()=>gN,floor:()=>X4,forEach:()=>SN,fromValues:()=>j4,inverse:()=>nN,len:()=>_N,length:()=>H2,lerp:()=>aN,max:()=>Q4,min:()=>K4,mul:()=>xN,multiply:()=>$2,negate:()=>rN,normalize:()=>iN,random:()=>cN,rotate:()=>dN,round:()=>J4,scale:()=>eN,scaleAndAdd:()=>tN,set:()=>Y4,sqrDist:()=>EN,sqrLen:()=>PN,squaredDistance:()=>j2,squaredLength:()=>Y2,str:()=>mN,sub:()=>bN,subtract:()=>G2,transformMat2:()=>lN,transformMat2d:()=>fN,transformMat3:()=>uN,transformMat4:()=>Xy,zero:()=>pN});function z2(){let r=new He(2);return He!=Float32Array&&(r[0]=0,r[1]=0),r}function W4(r){let e=new He(2);return e[0]=r[0],e[1]=r[1],e}function j4(r,e){let t=new He(2);return t[0]=r,t[1]=e,t}function H4(r,e){return r[0]=e[0],r[1]=e[1],r}function Y4(r,e,t){return r[0]=e,r[1]=t,r}function q4(r,e,t){return r[0]=e[0]+t[0],r[1]=e[1]+t[1],r}function G2(r,e,t){return r[0]=e[0]-t[0],r[1]=e[1]-t[1],r}function $2(r,e,t){return r[0]=e[0]*t[0],r[1]=e[1]*t[1],r}function V2(r,e,t){return r[0]=e[0]/t[0],r[1]=e[1]/t[1],r}function Z4(r,e){return r[0]=Math.ceil(e[0]),r[1]=Math.ceil(e[1]),r}function X4(r,e){return r[0]=Math.floor(e[0]),r[1]=Math.floor(e[1]),r}function K4(r,e,t){return r[0]=Math.min(e[0],t[0]),r[1]=Math.min(e[1],t[1]),r}function Q4(r,e,t){return r[0]=Math.max(e[0],t[0]),r[1]=Math.max(e[1],t[1]),r}function J4(r,e){return r[0]=pn(e[0]),r[1]=pn(e[1]),r}function eN(r,e,t){return r[0]=e[0]*t,r[1]=e[1]*t,r}function tN(r,e,t,n){return r[0]=e[0]+t[0]*n,r[1]=e[1]+t[1]*n,r}function W2(r,e){let t=e[0]-r[0],n=e[1]-r[1];return Math.sqrt(t*t+n*n)}function j2(r,e){let t=e[0]-r[0],n=e[1]-r[1];return t*t+n*n}function H2(r){let e=r[0],t=r[1];return Math.sqrt(e*e+t*t)}function Y2(r){let e=r[0],t=r[1];return e*e+t*t}function rN(r,e){return r[0]=-e[0],r[1]=-e[1],r}function nN(r,e){return r[0]=1/e[0],r[1]=1/e[1],r}function iN(r,e){let t=e[0],n=e[1],i=t*t+n*n;return i>0&&(i=1/Math.sqrt(i)),r[0]=e[0]*i,r[1]=e[1]*i,r}function oN(r,e){return r[0]*e[0]+r[1]*e[1]}function sN(r,e,t){let n=e[0]*t[1]-e[1]*t[0];return r[0]=r[1]=0,r[2]=n,r}function aN(r,e,t,n){let i=e[0],o=e[1];return r[0]=i+n*(t[0]-i),r[1]=o+n*(t[1]-o),r}function cN(r,e){e=e===void 0?1:e;let t=si()*2*Math.PI;return r[0]=Math.cos(t)*e,r[1]=Math.sin(t)*e,r}function lN(r,e,t){let n=e[0],i=e[1];return r[0]=t[0]*n+t[2]*i,r[1]=t[1]*n+t[3]*i,r}function fN(r,e,t){let n=e[0],i=e[1];return r[0]=t[0]*n+t[2]*i+t[4],r[1]=t[1]*n+t[3]*i+t[5],r}function uN(r,e,t){let n=e[0],i=e[1];return r[0]=t[0]*n+t[3]*i+t[6],r[1]=t[1]*n+t[4]*i+t[7],r}function Xy(r,e,t){let n=e[0],i=e[1];return r[0]=t[0]*n+t[4]*i+t[12],r[1]=t[1]*n+t[5]*i+t[13],r}function dN(r,e,t,n){let i=e[0]-t[0],o=e[1]-t[1],s=Math.sin(n),a=Math.cos(n);return r[0]=i*a-o*s+t[0],r[1]=i*s+o*a+t[1],r}function hN(r,e){let t=r[0],n=r[1],i=e[0],o=e[1],s=Math.sqrt((t*t+n*n)*(i*i+o*o)),a=s&&(t*i+n*o)/s;return Math.acos(Math.min(Math.max(a,-1),1))}function pN(r){return r[0]=0,r[1]=0,r}function mN(r){return`vec2(${r[0]}, ${r[1]})`}function gN(r,e){return r[0]===e[0]&&r[1]===e[1]}function yN(r,e){let t=r[0],n=r[1],i=e[0],o=e[1];return Math.abs(t-i)<=1e-6*Math.max(1,Math.abs(t),Math.abs(i))&&Math.abs(n-o)<=1e-6*Math.max(1,Math.abs(n),Math.abs(o))}var _N,bN,xN,vN,wN,EN,PN,SN,Ky=S(()=>{cs();_N=H2,bN=G2,xN=$2,vN=V2,wN=W2,EN=j2,PN=Y2,SN=(function(){let r=z2();return function(e,t,n,i,o,s){let a,c;for(t||(t=2),n||(n=0),i?c=Math.min(i*t+n,e.length):c=e.length,a=n;a<c;a+=t)r[0]=e[a],r[1]=e[a+1],o(r,r,s),e[a]=r[0],e[a+1]=r[1];return e}})()});function q2(r,e,t){let n=e[0],i=e[1],o=t[3]*n+t[7]*i||1;return r[0]=(t[0]*n+t[4]*i)/o,r[1]=(t[1]*n+t[5]*i)/o,r}function zd(r,e,t){let n=e[0],i=e[1],o=e[2],s=t[3]*n+t[7]*i+t[11]*o||1;return r[0]=(t[0]*n+t[4]*i+t[8]*o)/s,r[1]=(t[1]*n+t[5]*i+t[9]*o)/s,r[2]=(t[2]*n+t[6]*i+t[10]*o)/s,r}function Z2(r,e,t){let n=e[0],i=e[1];return r[0]=t[0]*n+t[2]*i,r[1]=t[1]*n+t[3]*i,r[2]=e[2],r}var Qy=S(()=>{});var fs={};Ti(fs,{add:()=>CN,angle:()=>o_,bezier:()=>$N,ceil:()=>MN,clone:()=>TN,copy:()=>LN,create:()=>Gd,cross:()=>ls,dist:()=>KN,distance:()=>eP,div:()=>XN,divide:()=>J2,dot:()=>Pl,equals:()=>YN,exactEquals:()=>HN,floor:()=>RN,forEach:()=>e6,fromValues:()=>$d,hermite:()=>GN,inverse:()=>FN,len:()=>s_,length:()=>X2,lerp:()=>UN,max:()=>ON,min:()=>IN,mul:()=>ZN,multiply:()=>Q2,negate:()=>NN,normalize:()=>Jy,random:()=>VN,rotateX:()=>r_,rotateY:()=>n_,rotateZ:()=>i_,round:()=>BN,scale:()=>kN,scaleAndAdd:()=>DN,set:()=>AN,slerp:()=>zN,sqrDist:()=>QN,sqrLen:()=>JN,squaredDistance:()=>tP,squaredLength:()=>rP,str:()=>jN,sub:()=>qN,subtract:()=>K2,transformMat3:()=>e_,transformMat4:()=>Sl,transformQuat:()=>t_,zero:()=>WN});function Gd(){let r=new He(3);return He!=Float32Array&&(r[0]=0,r[1]=0,r[2]=0),r}function TN(r){let e=new He(3);return e[0]=r[0],e[1]=r[1],e[2]=r[2],e}function X2(r){let e=r[0],t=r[1],n=r[2];return Math.sqrt(e*e+t*t+n*n)}function $d(r,e,t){let n=new He(3);return n[0]=r,n[1]=e,n[2]=t,n}function LN(r,e){return r[0]=e[0],r[1]=e[1],r[2]=e[2],r}function AN(r,e,t,n){return r[0]=e,r[1]=t,r[2]=n,r}function CN(r,e,t){return r[0]=e[0]+t[0],r[1]=e[1]+t[1],r[2]=e[2]+t[2],r}function K2(r,e,t){return r[0]=e[0]-t[0],r[1]=e[1]-t[1],r[2]=e[2]-t[2],r}function Q2(r,e,t){return r[0]=e[0]*t[0],r[1]=e[1]*t[1],r[2]=e[2]*t[2],r}function J2(r,e,t){return r[0]=e[0]/t[0],r[1]=e[1]/t[1],r[2]=e[2]/t[2],r}function MN(r,e){return r[0]=Math.ceil(e[0]),r[1]=Math.ceil(e[1]),r[2]=Math.ceil(e[2]),r}function RN(r,e){return r[0]=Math.floor(e[0]),r[1]=Math.floor(e[1]),r[2]=Math.floor(e[2]),r}function IN(r,e,t){return r[0]=Math.min(e[0],t[0]),r[1]=Math.min(e[1],t[1]),r[2]=Math.min(e[2],t[2]),r}function ON(r,e,t){return r[0]=Math.max(e[0],t[0]),r[1]=Math.max(e[1],t[1]),r[2]=Math.max(e[2],t[2]),r}function BN(r,e){return r[0]=pn(e[0]),r[1]=pn(e[1]),r[2]=pn(e[2]),r}function kN(r,e,t){return r[0]=e[0]*t,r[1]=e[1]*t,r[2]=e[2]*t,r}function DN(r,e,t,n){return r[0]=e[0]+t[0]*n,r[1]=e[1]+t[1]*n,r[2]=e[2]+t[2]*n,r}function eP(r,e){let t=e[0]-r[0],n=e[1]-r[1],i=e[2]-r[2];return Math.sqrt(t*t+n*n+i*i)}function tP(r,e){let t=e[0]-r[0],n=e[1]-r[1],i=e[2]-r[2];return t*t+n*n+i*i}function rP(r){let e=r[0],t=r[1],n=r[2];return e*e+t*t+n*n}function NN(r,e){return r[0]=-e[0],r[1]=-e[1],r[2]=-e[2],r}function FN(r,e){return r[0]=1/e[0],r[1]=1/e[1],r[2]=1/e[2],r}function Jy(r,e){let t=e[0],n=e[1],i=e[2],o=t*t+n*n+i*i;return o>0&&(o=1/Math.sqrt(o)),r[0]=e[0]*o,r[1]=e[1]*o,r[2]=e[2]*o,r}function Pl(r,e){return r[0]*e[0]+r[1]*e[1]+r[2]*e[2]}function ls(r,e,t){let n=e[0],i=e[1],o=e[2],s=t[0],a=t[1],c=t[2];return r[0]=i*c-o*a,r[1]=o*s-n*c,r[2]=n*a-i*s,r}function UN(r,e,t,n){let i=e[0],o=e[1],s=e[2];return r[0]=i+n*(t[0]-i),r[1]=o+n*(t[1]-o),r[2]=s+n*(t[2]-s),r}function zN(r,e,t,n){let i=Math.acos(Math.min(Math.max(Pl(e,t),-1),1)),o=Math.sin(i),s=Math.sin((1-n)*i)/o,a=Math.sin(n*i)/o;return r[0]=s*e[0]+a*t[0],r[1]=s*e[1]+a*t[1],r[2]=s*e[2]+a*t[2],r}function GN(r,e,t,n,i,o){let s=o*o,a=s*(2*o-3)+1,c=s*(o-2)+o,l=s*(o-1),f=s*(3-2*o);return r[0]=e[0]*a+t[0]*c+n[0]*l+i[0]*f,r[1]=e[1]*a+t[1]*c+n[1]*l+i[1]*f,r[2]=e[2]*a+t[2]*c+n[2]*l+i[2]*f,r}function $N(r,e,t,n,i,o){let s=1-o,a=s*s,c=o*o,l=a*s,f=3*o*a,u=3*c*s,d=c*o;return r[0]=e[0]*l+t[0]*f+n[0]*u+i[0]*d,r[1]=e[1]*l+t[1]*f+n[1]*u+i[1]*d,r[2]=e[2]*l+t[2]*f+n[2]*u+i[2]*d,r}function VN(r,e){e=e===void 0?1:e;let t=si()*2*Math.PI,n=si()*2-1,i=Math.sqrt(1-n*n)*e;return r[0]=Math.cos(t)*i,r[1]=Math.sin(t)*i,r[2]=n*e,r}function Sl(r,e,t){let n=e[0],i=e[1],o=e[2],s=t[3]*n+t[7]*i+t[11]*o+t[15];return s=s||1,r[0]=(t[0]*n+t[4]*i+t[8]*o+t[12])/s,r[1]=(t[1]*n+t[5]*i+t[9]*o+t[13])/s,r[2]=(t[2]*n+t[6]*i+t[10]*o+t[14])/s,r}function e_(r,e,t){let n=e[0],i=e[1],o=e[2];return r[0]=n*t[0]+i*t[3]+o*t[6],r[1]=n*t[1]+i*t[4]+o*t[7],r[2]=n*t[2]+i*t[5]+o*t[8],r}function t_(r,e,t){let n=t[0],i=t[1],o=t[2],s=t[3],a=e[0],c=e[1],l=e[2],f=i*l-o*c,u=o*a-n*l,d=n*c-i*a,h=i*d-o*u,p=o*f-n*d,g=n*u-i*f,y=s*2;return f*=y,u*=y,d*=y,h*=2,p*=2,g*=2,r[0]=a+f+h,r[1]=c+u+p,r[2]=l+d+g,r}function r_(r,e,t,n){let i=[],o=[];return i[0]=e[0]-t[0],i[1]=e[1]-t[1],i[2]=e[2]-t[2],o[0]=i[0],o[1]=i[1]*Math.cos(n)-i[2]*Math.sin(n),o[2]=i[1]*Math.sin(n)+i[2]*Math.cos(n),r[0]=o[0]+t[0],r[1]=o[1]+t[1],r[2]=o[2]+t[2],r}function n_(r,e,t,n){let i=[],o=[];return i[0]=e[0]-t[0],i[1]=e[1]-t[1],i[2]=e[2]-t[2],o[0]=i[2]*Math.sin(n)+i[0]*Math.cos(n),o[1]=i[1],o[2]=i[2]*Math.cos(n)-i[0]*Math.sin(n),r[0]=o[0]+t[0],r[1]=o[1]+t[1],r[2]=o[2]+t[2],r}function i_(r,e,t,n){let i=[],o=[];return i[0]=e[0]-t[0],i[1]=e[1]-t[1],i[2]=e[2]-t[2],o[0]=i[0]*Math.cos(n)-i[1]*Math.sin(n),o[1]=i[0]*Math.sin(n)+i[1]*Math.cos(n),o[2]=i[2],r[0]=o[0]+t[0],r[1]=o[1]+t[1],r[2]=o[2]+t[2],r}function o_(r,e){let t=r[0],n=r[1],i=r[2],o=e[0],s=e[1],a=e[2],c=Math.sqrt((t*t+n*n+i*i)*(o*o+s*s+a*a)),l=c&&Pl(r,e)/c;return Math.acos(Math.min(Math.max(l,-1),1))}function WN(r){return r[0]=0,r[1]=0,r[2]=0,r}function jN(r){return`vec3(${r[0]}, ${r[1]}, ${r[2]})`}function HN(r,e){return r[0]===e[0]&&r[1]===e[1]&&r[2]===e[2]}function YN(r,e){let t=r[0],n=r[1],i=r[2],o=e[0],s=e[1],a=e[2];return Math.abs(t-o)<=1e-6*Math.max(1,Math.abs(t),Math.abs(o))&&Math.abs(n-s)<=1e-6*Math.max(1,Math.abs(n),Math.abs(s))&&Math.abs(i-a)<=1e-6*Math.max(1,Math.abs(i),Math.abs(a))}var qN,ZN,XN,KN,QN,s_,JN,e6,Tl=S(()=>{cs();qN=K2,ZN=Q2,XN=J2,KN=eP,QN=tP,s_=X2,JN=rP,e6=(function(){let r=Gd();return function(e,t,n,i,o,s){let a,c;for(t||(t=3),n||(n=0),i?c=Math.min(i*t+n,e.length):c=e.length,a=n;a<c;a+=t)r[0]=e[a],r[1]=e[a+1],r[2]=e[a+2],o(r,r,s),e[a]=r[0],e[a+1]=r[1],e[a+2]=r[2];return e}})()});var a_,Vd,nr,nP=S(()=>{U2();Ea();El();Tl();Qy();a_=[0,0,0],nr=class r extends Ud{static get ZERO(){return Vd||(Vd=new r(0,0,0),Object.freeze(Vd)),Vd}constructor(e=0,t=0,n=0){super(-0,-0,-0),arguments.length===1&&Oi(e)?this.copy(e):(Ht.debug&&(rr(e),rr(t),rr(n)),this[0]=e,this[1]=t,this[2]=n)}set(e,t,n){return this[0]=e,this[1]=t,this[2]=n,this.check()}copy(e){return this[0]=e[0],this[1]=e[1],this[2]=e[2],this.check()}fromObject(e){return Ht.debug&&(rr(e.x),rr(e.y),rr(e.z)),this[0]=e.x,this[1]=e.y,this[2]=e.z,this.check()}toObject(e){return e.x=this[0],e.y=this[1],e.z=this[2],e}get ELEMENTS(){return 3}get z(){return this[2]}set z(e){this[2]=rr(e)}angle(e){return o_(this,e)}cross(e){return ls(this,this,e),this.check()}rotateX({radians:e,origin:t=a_}){return r_(this,this,t,e),this.check()}rotateY({radians:e,origin:t=a_}){return n_(this,this,t,e),this.check()}rotateZ({radians:e,origin:t=a_}){return i_(this,this,t,e),this.check()}transform(e){return this.transformAsPoint(e)}transformAsPoint(e){return Sl(this,this,e),this.check()}transformAsVector(e){return zd(this,this,e),this.check()}transformByMatrix3(e){return e_(this,this,e),this.check()}transformByMatrix2(e){return Z2(this,this,e),this.check()}transformByQuaternion(e){return t_(this,this,e),this.check()}}});var Wd,iP=S(()=>{qy();El();Ea();Wd=class extends Pa{toString(){let e="[";if(Ht.printRowMajor){e+="row-major:";for(let t=0;t<this.RANK;++t)for(let n=0;n<this.RANK;++n)e+=` ${this[n*this.RANK+t]}`}else{e+="column-major:";for(let t=0;t<this.ELEMENTS;++t)e+=` ${this[t]}`}return e+="]",e}getElementIndex(e,t){return t*this.RANK+e}getElement(e,t){return this[t*this.RANK+e]}setElement(e,t,n){return this[t*this.RANK+e]=rr(n),this}getColumn(e,t=new Array(this.RANK).fill(-0)){let n=e*this.RANK;for(let i=0;i<this.RANK;++i)t[i]=this[n+i];return t}setColumn(e,t){let n=e*this.RANK;for(let i=0;i<this.RANK;++i)this[n+i]=t[i];return this}}});function oP(){let r=new He(9);return He!=Float32Array&&(r[1]=0,r[2]=0,r[3]=0,r[5]=0,r[6]=0,r[7]=0),r[0]=1,r[4]=1,r[8]=1,r}var c_=S(()=>{cs()});var Nt={};Ti(Nt,{add:()=>S6,adjoint:()=>s6,clone:()=>r6,copy:()=>n6,create:()=>t6,decompose:()=>g6,determinant:()=>u_,equals:()=>C6,exactEquals:()=>A6,frob:()=>P6,fromQuat:()=>__,fromQuat2:()=>h6,fromRotation:()=>l6,fromRotationTranslation:()=>cP,fromRotationTranslationScale:()=>y6,fromRotationTranslationScaleOrigin:()=>_6,fromScaling:()=>c6,fromTranslation:()=>a6,fromValues:()=>i6,fromXRotation:()=>f6,fromYRotation:()=>u6,fromZRotation:()=>d6,frustum:()=>b_,getRotation:()=>m6,getScaling:()=>lP,getTranslation:()=>p6,identity:()=>aP,invert:()=>f_,lookAt:()=>w_,mul:()=>M6,multiply:()=>Ll,multiplyScalar:()=>T6,multiplyScalarAndAdd:()=>L6,ortho:()=>v_,orthoNO:()=>uP,orthoZO:()=>v6,perspective:()=>x_,perspectiveFromFieldOfView:()=>x6,perspectiveNO:()=>fP,perspectiveZO:()=>b6,rotate:()=>p_,rotateX:()=>m_,rotateY:()=>g_,rotateZ:()=>y_,scale:()=>h_,set:()=>o6,str:()=>E6,sub:()=>R6,subtract:()=>dP,targetTo:()=>w6,translate:()=>d_,transpose:()=>l_});function t6(){let r=new He(16);return He!=Float32Array&&(r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[6]=0,r[7]=0,r[8]=0,r[9]=0,r[11]=0,r[12]=0,r[13]=0,r[14]=0),r[0]=1,r[5]=1,r[10]=1,r[15]=1,r}function r6(r){let e=new He(16);return e[0]=r[0],e[1]=r[1],e[2]=r[2],e[3]=r[3],e[4]=r[4],e[5]=r[5],e[6]=r[6],e[7]=r[7],e[8]=r[8],e[9]=r[9],e[10]=r[10],e[11]=r[11],e[12]=r[12],e[13]=r[13],e[14]=r[14],e[15]=r[15],e}function n6(r,e){return r[0]=e[0],r[1]=e[1],r[2]=e[2],r[3]=e[3],r[4]=e[4],r[5]=e[5],r[6]=e[6],r[7]=e[7],r[8]=e[8],r[9]=e[9],r[10]=e[10],r[11]=e[11],r[12]=e[12],r[13]=e[13],r[14]=e[14],r[15]=e[15],r}function i6(r,e,t,n,i,o,s,a,c,l,f,u,d,h,p,g){let y=new He(16);return y[0]=r,y[1]=e,y[2]=t,y[3]=n,y[4]=i,y[5]=o,y[6]=s,y[7]=a,y[8]=c,y[9]=l,y[10]=f,y[11]=u,y[12]=d,y[13]=h,y[14]=p,y[15]=g,y}function o6(r,e,t,n,i,o,s,a,c,l,f,u,d,h,p,g,y){return r[0]=e,r[1]=t,r[2]=n,r[3]=i,r[4]=o,r[5]=s,r[6]=a,r[7]=c,r[8]=l,r[9]=f,r[10]=u,r[11]=d,r[12]=h,r[13]=p,r[14]=g,r[15]=y,r}function aP(r){return r[0]=1,r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=1,r[6]=0,r[7]=0,r[8]=0,r[9]=0,r[10]=1,r[11]=0,r[12]=0,r[13]=0,r[14]=0,r[15]=1,r}function l_(r,e){if(r===e){let t=e[1],n=e[2],i=e[3],o=e[6],s=e[7],a=e[11];r[1]=e[4],r[2]=e[8],r[3]=e[12],r[4]=t,r[6]=e[9],r[7]=e[13],r[8]=n,r[9]=o,r[11]=e[14],r[12]=i,r[13]=s,r[14]=a}else r[0]=e[0],r[1]=e[4],r[2]=e[8],r[3]=e[12],r[4]=e[1],r[5]=e[5],r[6]=e[9],r[7]=e[13],r[8]=e[2],r[9]=e[6],r[10]=e[10],r[11]=e[14],r[12]=e[3],r[13]=e[7],r[14]=e[11],r[15]=e[15];return r}function f_(r,e){let t=e[0],n=e[1],i=e[2],o=e[3],s=e[4],a=e[5],c=e[6],l=e[7],f=e[8],u=e[9],d=e[10],h=e[11],p=e[12],g=e[13],y=e[14],w=e[15],x=t*a-n*s,b=t*c-i*s,v=t*l-o*s,T=n*c-i*a,L=n*l-o*a,D=i*l-o*c,B=f*g-u*p,F=f*y-d*p,M=f*w-h*p,N=u*y-d*g,G=u*w-h*g,O=d*w-h*y,$=x*O-b*G+v*N+T*M-L*F+D*B;return $?($=1/$,r[0]=(a*O-c*G+l*N)*$,r[1]=(i*G-n*O-o*N)*$,r[2]=(g*D-y*L+w*T)*$,r[3]=(d*L-u*D-h*T)*$,r[4]=(c*M-s*O-l*F)*$,r[5]=(t*O-i*M+o*F)*$,r[6]=(y*v-p*D-w*b)*$,r[7]=(f*D-d*v+h*b)*$,r[8]=(s*G-a*M+l*B)*$,r[9]=(n*M-t*G-o*B)*$,r[10]=(p*L-g*v+w*x)*$,r[11]=(u*v-f*L-h*x)*$,r[12]=(a*F-s*N-c*B)*$,r[13]=(t*N-n*F+i*B)*$,r[14]=(g*b-p*T-y*x)*$,r[15]=(f*T-u*b+d*x)*$,r):null}function s6(r,e){let t=e[0],n=e[1],i=e[2],o=e[3],s=e[4],a=e[5],c=e[6],l=e[7],f=e[8],u=e[9],d=e[10],h=e[11],p=e[12],g=e[13],y=e[14],w=e[15],x=t*a-n*s,b=t*c-i*s,v=t*l-o*s,T=n*c-i*a,L=n*l-o*a,D=i*l-o*c,B=f*g-u*p,F=f*y-d*p,M=f*w-h*p,N=u*y-d*g,G=u*w-h*g,O=d*w-h*y;return r[0]=a*O-c*G+l*N,r[1]=i*G-n*O-o*N,r[2]=g*D-y*L+w*T,r[3]=d*L-u*D-h*T,r[4]=c*M-s*O-l*F,r[5]=t*O-i*M+o*F,r[6]=y*v-p*D-w*b,r[7]=f*D-d*v+h*b,r[8]=s*G-a*M+l*B,r[9]=n*M-t*G-o*B,r[10]=p*L-g*v+w*x,r[11]=u*v-f*L-h*x,r[12]=a*F-s*N-c*B,r[13]=t*N-n*F+i*B,r[14]=g*b-p*T-y*x,r[15]=f*T-u*b+d*x,r}function u_(r){let e=r[0],t=r[1],n=r[2],i=r[3],o=r[4],s=r[5],a=r[6],c=r[7],l=r[8],f=r[9],u=r[10],d=r[11],h=r[12],p=r[13],g=r[14],y=r[15],w=e*s-t*o,x=e*a-n*o,b=t*a-n*s,v=l*p-f*h,T=l*g-u*h,L=f*g-u*p,D=e*L-t*T+n*v,B=o*L-s*T+a*v,F=l*b-f*x+u*w,M=h*b-p*x+g*w;return c*D-i*B+y*F-d*M}function Ll(r,e,t){let n=e[0],i=e[1],o=e[2],s=e[3],a=e[4],c=e[5],l=e[6],f=e[7],u=e[8],d=e[9],h=e[10],p=e[11],g=e[12],y=e[13],w=e[14],x=e[15],b=t[0],v=t[1],T=t[2],L=t[3];return r[0]=b*n+v*a+T*u+L*g,r[1]=b*i+v*c+T*d+L*y,r[2]=b*o+v*l+T*h+L*w,r[3]=b*s+v*f+T*p+L*x,b=t[4],v=t[5],T=t[6],L=t[7],r[4]=b*n+v*a+T*u+L*g,r[5]=b*i+v*c+T*d+L*y,r[6]=b*o+v*l+T*h+L*w,r[7]=b*s+v*f+T*p+L*x,b=t[8],v=t[9],T=t[10],L=t[11],r[8]=b*n+v*a+T*u+L*g,r[9]=b*i+v*c+T*d+L*y,r[10]=b*o+v*l+T*h+L*w,r[11]=b*s+v*f+T*p+L*x,b=t[12],v=t[13],T=t[14],L=t[15],r[12]=b*n+v*a+T*u+L*g,r[13]=b*i+v*c+T*d+L*y,r[14]=b*o+v*l+T*h+L*w,r[15]=b*s+v*f+T*p+L*x,r}function d_(r,e,t){let n=t[0],i=t[1],o=t[2],s,a,c,l,f,u,d,h,p,g,y,w;return e===r?(r[12]=e[0]*n+e[4]*i+e[8]*o+e[12],r[13]=e[1]*n+e[5]*i+e[9]*o+e[13],r[14]=e[2]*n+e[6]*i+e[10]*o+e[14],r[15]=e[3]*n+e[7]*i+e[11]*o+e[15]):(s=e[0],a=e[1],c=e[2],l=e[3],f=e[4],u=e[5],d=e[6],h=e[7],p=e[8],g=e[9],y=e[10],w=e[11],r[0]=s,r[1]=a,r[2]=c,r[3]=l,r[4]=f,r[5]=u,r[6]=d,r[7]=h,r[8]=p,r[9]=g,r[10]=y,r[11]=w,r[12]=s*n+f*i+p*o+e[12],r[13]=a*n+u*i+g*o+e[13],r[14]=c*n+d*i+y*o+e[14],r[15]=l*n+h*i+w*o+e[15]),r}function h_(r,e,t){let n=t[0],i=t[1],o=t[2];return r[0]=e[0]*n,r[1]=e[1]*n,r[2]=e[2]*n,r[3]=e[3]*n,r[4]=e[4]*i,r[5]=e[5]*i,r[6]=e[6]*i,r[7]=e[7]*i,r[8]=e[8]*o,r[9]=e[9]*o,r[10]=e[10]*o,r[11]=e[11]*o,r[12]=e[12],r[13]=e[13],r[14]=e[14],r[15]=e[15],r}function p_(r,e,t,n){let i=n[0],o=n[1],s=n[2],a=Math.sqrt(i*i+o*o+s*s),c,l,f,u,d,h,p,g,y,w,x,b,v,T,L,D,B,F,M,N,G,O,$,H;return a<1e-6?null:(a=1/a,i*=a,o*=a,s*=a,l=Math.sin(t),c=Math.cos(t),f=1-c,u=e[0],d=e[1],h=e[2],p=e[3],g=e[4],y=e[5],w=e[6],x=e[7],b=e[8],v=e[9],T=e[10],L=e[11],D=i*i*f+c,B=o*i*f+s*l,F=s*i*f-o*l,M=i*o*f-s*l,N=o*o*f+c,G=s*o*f+i*l,O=i*s*f+o*l,$=o*s*f-i*l,H=s*s*f+c,r[0]=u*D+g*B+b*F,r[1]=d*D+y*B+v*F,r[2]=h*D+w*B+T*F,r[3]=p*D+x*B+L*F,r[4]=u*M+g*N+b*G,r[5]=d*M+y*N+v*G,r[6]=h*M+w*N+T*G,r[7]=p*M+x*N+L*G,r[8]=u*O+g*$+b*H,r[9]=d*O+y*$+v*H,r[10]=h*O+w*$+T*H,r[11]=p*O+x*$+L*H,e!==r&&(r[12]=e[12],r[13]=e[13],r[14]=e[14],r[15]=e[15]),r)}function m_(r,e,t){let n=Math.sin(t),i=Math.cos(t),o=e[4],s=e[5],a=e[6],c=e[7],l=e[8],f=e[9],u=e[10],d=e[11];return e!==r&&(r[0]=e[0],r[1]=e[1],r[2]=e[2],r[3]=e[3],r[12]=e[12],r[13]=e[13],r[14]=e[14],r[15]=e[15]),r[4]=o*i+l*n,r[5]=s*i+f*n,r[6]=a*i+u*n,r[7]=c*i+d*n,r[8]=l*i-o*n,r[9]=f*i-s*n,r[10]=u*i-a*n,r[11]=d*i-c*n,r}function g_(r,e,t){let n=Math.sin(t),i=Math.cos(t),o=e[0],s=e[1],a=e[2],c=e[3],l=e[8],f=e[9],u=e[10],d=e[11];return e!==r&&(r[4]=e[4],r[5]=e[5],r[6]=e[6],r[7]=e[7],r[12]=e[12],r[13]=e[13],r[14]=e[14],r[15]=e[15]),r[0]=o*i-l*n,r[1]=s*i-f*n,r[2]=a*i-u*n,r[3]=c*i-d*n,r[8]=o*n+l*i,r[9]=s*n+f*i,r[10]=a*n+u*i,r[11]=c*n+d*i,r}function y_(r,e,t){let n=Math.sin(t),i=Math.cos(t),o=e[0],s=e[1],a=e[2],c=e[3],l=e[4],f=e[5],u=e[6],d=e[7];return e!==r&&(r[8]=e[8],r[9]=e[9],r[10]=e[10],r[11]=e[11],r[12]=e[12],r[13]=e[13],r[14]=e[14],r[15]=e[15]),r[0]=o*i+l*n,r[1]=s*i+f*n,r[2]=a*i+u*n,r[3]=c*i+d*n,r[4]=l*i-o*n,r[5]=f*i-s*n,r[6]=u*i-a*n,r[7]=d*i-c*n,r}function a6(r,e){return r[0]=1,r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=1,r[6]=0,r[7]=0,r[8]=0,r[9]=0,r[10]=1,r[11]=0,r[12]=e[0],r[13]=e[1],r[14]=e[2],r[15]=1,r}function c6(r,e){return r[0]=e[0],r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=e[1],r[6]=0,r[7]=0,r[8]=0,r[9]=0,r[10]=e[2],r[11]=0,r[12]=0,r[13]=0,r[14]=0,r[15]=1,r}function l6(r,e,t){let n=t[0],i=t[1],o=t[2],s=Math.sqrt(n*n+i*i+o*o),a,c,l;return s<1e-6?null:(s=1/s,n*=s,i*=s,o*=s,c=Math.sin(e),a=Math.cos(e),l=1-a,r[0]=n*n*l+a,r[1]=i*n*l+o*c,r[2]=o*n*l-i*c,r[3]=0,r[4]=n*i*l-o*c,r[5]=i*i*l+a,r[6]=o*i*l+n*c,r[7]=0,r[8]=n*o*l+i*c,r[9]=i*o*l-n*c,r[10]=o*o*l+a,r[11]=0,r[12]=0,r[13]=0,r[14]=0,r[15]=1,r)}function f6(r,e){let t=Math.sin(e),n=Math.cos(e);return r[0]=1,r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=n,r[6]=t,r[7]=0,r[8]=0,r[9]=-t,r[10]=n,r[11]=0,r[12]=0,r[13]=0,r[14]=0,r[15]=1,r}function u6(r,e){let t=Math.sin(e),n=Math.cos(e);return r[0]=n,r[1]=0,r[2]=-t,r[3]=0,r[4]=0,r[5]=1,r[6]=0,r[7]=0,r[8]=t,r[9]=0,r[10]=n,r[11]=0,r[12]=0,r[13]=0,r[14]=0,r[15]=1,r}function d6(r,e){let t=Math.sin(e),n=Math.cos(e);return r[0]=n,r[1]=t,r[2]=0,r[3]=0,r[4]=-t,r[5]=n,r[6]=0,r[7]=0,r[8]=0,r[9]=0,r[10]=1,r[11]=0,r[12]=0,r[13]=0,r[14]=0,r[15]=1,r}function cP(r,e,t){let n=e[0],i=e[1],o=e[2],s=e[3],a=n+n,c=i+i,l=o+o,f=n*a,u=n*c,d=n*l,h=i*c,p=i*l,g=o*l,y=s*a,w=s*c,x=s*l;return r[0]=1-(h+g),r[1]=u+x,r[2]=d-w,r[3]=0,r[4]=u-x,r[5]=1-(f+g),r[6]=p+y,r[7]=0,r[8]=d+w,r[9]=p-y,r[10]=1-(f+h),r[11]=0,r[12]=t[0],r[13]=t[1],r[14]=t[2],r[15]=1,r}function h6(r,e){let t=new He(3),n=-e[0],i=-e[1],o=-e[2],s=e[3],a=e[4],c=e[5],l=e[6],f=e[7],u=n*n+i*i+o*o+s*s;return u>0?(t[0]=(a*s+f*n+c*o-l*i)*2/u,t[1]=(c*s+f*i+l*n-a*o)*2/u,t[2]=(l*s+f*o+a*i-c*n)*2/u):(t[0]=(a*s+f*n+c*o-l*i)*2,t[1]=(c*s+f*i+l*n-a*o)*2,t[2]=(l*s+f*o+a*i-c*n)*2),cP(r,e,t),r}function p6(r,e){return r[0]=e[12],r[1]=e[13],r[2]=e[14],r}function lP(r,e){let t=e[0],n=e[1],i=e[2],o=e[4],s=e[5],a=e[6],c=e[8],l=e[9],f=e[10];return r[0]=Math.sqrt(t*t+n*n+i*i),r[1]=Math.sqrt(o*o+s*s+a*a),r[2]=Math.sqrt(c*c+l*l+f*f),r}function m6(r,e){let t=new He(3);lP(t,e);let n=1/t[0],i=1/t[1],o=1/t[2],s=e[0]*n,a=e[1]*i,c=e[2]*o,l=e[4]*n,f=e[5]*i,u=e[6]*o,d=e[8]*n,h=e[9]*i,p=e[10]*o,g=s+f+p,y=0;return g>0?(y=Math.sqrt(g+1)*2,r[3]=.25*y,r[0]=(u-h)/y,r[1]=(d-c)/y,r[2]=(a-l)/y):s>f&&s>p?(y=Math.sqrt(1+s-f-p)*2,r[3]=(u-h)/y,r[0]=.25*y,r[1]=(a+l)/y,r[2]=(d+c)/y):f>p?(y=Math.sqrt(1+f-s-p)*2,r[3]=(d-c)/y,r[0]=(a+l)/y,r[1]=.25*y,r[2]=(u+h)/y):(y=Math.sqrt(1+p-s-f)*2,r[3]=(a-l)/y,r[0]=(d+c)/y,r[1]=(u+h)/y,r[2]=.25*y),r}function g6(r,e,t,n){e[0]=n[12],e[1]=n[13],e[2]=n[14];let i=n[0],o=n[1],s=n[2],a=n[4],c=n[5],l=n[6],f=n[8],u=n[9],d=n[10];t[0]=Math.sqrt(i*i+o*o+s*s),t[1]=Math.sqrt(a*a+c*c+l*l),t[2]=Math.sqrt(f*f+u*u+d*d);let h=1/t[0],p=1/t[1],g=1/t[2],y=i*h,w=o*p,x=s*g,b=a*h,v=c*p,T=l*g,L=f*h,D=u*p,B=d*g,F=y+v+B,M=0;return F>0?(M=Math.sqrt(F+1)*2,r[3]=.25*M,r[0]=(T-D)/M,r[1]=(L-x)/M,r[2]=(w-b)/M):y>v&&y>B?(M=Math.sqrt(1+y-v-B)*2,r[3]=(T-D)/M,r[0]=.25*M,r[1]=(w+b)/M,r[2]=(L+x)/M):v>B?(M=Math.sqrt(1+v-y-B)*2,r[3]=(L-x)/M,r[0]=(w+b)/M,r[1]=.25*M,r[2]=(T+D)/M):(M=Math.sqrt(1+B-y-v)*2,r[3]=(w-b)/M,r[0]=(L+x)/M,r[1]=(T+D)/M,r[2]=.25*M),r}function y6(r,e,t,n){let i=e[0],o=e[1],s=e[2],a=e[3],c=i+i,l=o+o,f=s+s,u=i*c,d=i*l,h=i*f,p=o*l,g=o*f,y=s*f,w=a*c,x=a*l,b=a*f,v=n[0],T=n[1],L=n[2];return r[0]=(1-(p+y))*v,r[1]=(d+b)*v,r[2]=(h-x)*v,r[3]=0,r[4]=(d-b)*T,r[5]=(1-(u+y))*T,r[6]=(g+w)*T,r[7]=0,r[8]=(h+x)*L,r[9]=(g-w)*L,r[10]=(1-(u+p))*L,r[11]=0,r[12]=t[0],r[13]=t[1],r[14]=t[2],r[15]=1,r}function _6(r,e,t,n,i){let o=e[0],s=e[1],a=e[2],c=e[3],l=o+o,f=s+s,u=a+a,d=o*l,h=o*f,p=o*u,g=s*f,y=s*u,w=a*u,x=c*l,b=c*f,v=c*u,T=n[0],L=n[1],D=n[2],B=i[0],F=i[1],M=i[2],N=(1-(g+w))*T,G=(h+v)*T,O=(p-b)*T,$=(h-v)*L,H=(1-(d+w))*L,te=(y+x)*L,X=(p+b)*D,Ne=(y-x)*D,Ee=(1-(d+g))*D;return r[0]=N,r[1]=G,r[2]=O,r[3]=0,r[4]=$,r[5]=H,r[6]=te,r[7]=0,r[8]=X,r[9]=Ne,r[10]=Ee,r[11]=0,r[12]=t[0]+B-(N*B+$*F+X*M),r[13]=t[1]+F-(G*B+H*F+Ne*M),r[14]=t[2]+M-(O*B+te*F+Ee*M),r[15]=1,r}function __(r,e){let t=e[0],n=e[1],i=e[2],o=e[3],s=t+t,a=n+n,c=i+i,l=t*s,f=n*s,u=n*a,d=i*s,h=i*a,p=i*c,g=o*s,y=o*a,w=o*c;return r[0]=1-u-p,r[1]=f+w,r[2]=d-y,r[3]=0,r[4]=f-w,r[5]=1-l-p,r[6]=h+g,r[7]=0,r[8]=d+y,r[9]=h-g,r[10]=1-l-u,r[11]=0,r[12]=0,r[13]=0,r[14]=0,r[15]=1,r}function b_(r,e,t,n,i,o,s){let a=1/(t-e),c=1/(i-n),l=1/(o-s);return r[0]=o*2*a,r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=o*2*c,r[6]=0,r[7]=0,r[8]=(t+e)*a,r[9]=(i+n)*c,r[10]=(s+o)*l,r[11]=-1,r[12]=0,r[13]=0,r[14]=s*o*2*l,r[15]=0,r}function fP(r,e,t,n,i){let o=1/Math.tan(e/2);if(r[0]=o/t,r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=o,r[6]=0,r[7]=0,r[8]=0,r[9]=0,r[11]=-1,r[12]=0,r[13]=0,r[15]=0,i!=null&&i!==1/0){let s=1/(n-i);r[10]=(i+n)*s,r[14]=2*i*n*s}else r[10]=-1,r[14]=-2*n;return r}function b6(r,e,t,n,i){let o=1/Math.tan(e/2);if(r[0]=o/t,r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=o,r[6]=0,r[7]=0,r[8]=0,r[9]=0,r[11]=-1,r[12]=0,r[13]=0,r[15]=0,i!=null&&i!==1/0){let s=1/(n-i);r[10]=i*s,r[14]=i*n*s}else r[10]=-1,r[14]=-n;return r}function x6(r,e,t,n){let i=Math.tan(e.upDegrees*Math.PI/180),o=Math.tan(e.downDegrees*Math.PI/180),s=Math.tan(e.leftDegrees*Math.PI/180),a=Math.tan(e.rightDegrees*Math.PI/180),c=2/(s+a),l=2/(i+o);return r[0]=c,r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=l,r[6]=0,r[7]=0,r[8]=-((s-a)*c*.5),r[9]=(i-o)*l*.5,r[10]=n/(t-n),r[11]=-1,r[12]=0,r[13]=0,r[14]=n*t/(t-n),r[15]=0,r}function uP(r,e,t,n,i,o,s){let a=1/(e-t),c=1/(n-i),l=1/(o-s);return r[0]=-2*a,r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=-2*c,r[6]=0,r[7]=0,r[8]=0,r[9]=0,r[10]=2*l,r[11]=0,r[12]=(e+t)*a,r[13]=(i+n)*c,r[14]=(s+o)*l,r[15]=1,r}function v6(r,e,t,n,i,o,s){let a=1/(e-t),c=1/(n-i),l=1/(o-s);return r[0]=-2*a,r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=-2*c,r[6]=0,r[7]=0,r[8]=0,r[9]=0,r[10]=l,r[11]=0,r[12]=(e+t)*a,r[13]=(i+n)*c,r[14]=o*l,r[15]=1,r}function w_(r,e,t,n){let i,o,s,a,c,l,f,u,d,h,p=e[0],g=e[1],y=e[2],w=n[0],x=n[1],b=n[2],v=t[0],T=t[1],L=t[2];return Math.abs(p-v)<1e-6&&Math.abs(g-T)<1e-6&&Math.abs(y-L)<1e-6?aP(r):(u=p-v,d=g-T,h=y-L,i=1/Math.sqrt(u*u+d*d+h*h),u*=i,d*=i,h*=i,o=x*h-b*d,s=b*u-w*h,a=w*d-x*u,i=Math.sqrt(o*o+s*s+a*a),i?(i=1/i,o*=i,s*=i,a*=i):(o=0,s=0,a=0),c=d*a-h*s,l=h*o-u*a,f=u*s-d*o,i=Math.sqrt(c*c+l*l+f*f),i?(i=1/i,c*=i,l*=i,f*=i):(c=0,l=0,f=0),r[0]=o,r[1]=c,r[2]=u,r[3]=0,r[4]=s,r[5]=l,r[6]=d,r[7]=0,r[8]=a,r[9]=f,r[10]=h,r[11]=0,r[12]=-(o*p+s*g+a*y),r[13]=-(c*p+l*g+f*y),r[14]=-(u*p+d*g+h*y),r[15]=1,r)}function w6(r,e,t,n){let i=e[0],o=e[1],s=e[2],a=n[0],c=n[1],l=n[2],f=i-t[0],u=o-t[1],d=s-t[2],h=f*f+u*u+d*d;h>0&&(h=1/Math.sqrt(h),f*=h,u*=h,d*=h);let p=c*d-l*u,g=l*f-a*d,y=a*u-c*f;return h=p*p+g*g+y*y,h>0&&(h=1/Math.sqrt(h),p*=h,g*=h,y*=h),r[0]=p,r[1]=g,r[2]=y,r[3]=0,r[4]=u*y-d*g,r[5]=d*p-f*y,r[6]=f*g-u*p,r[7]=0,r[8]=f,r[9]=u,r[10]=d,r[11]=0,r[12]=i,r[13]=o,r[14]=s,r[15]=1,r}function E6(r){return`mat4(${r[0]}, ${r[1]}, ${r[2]}, ${r[3]}, ${r[4]}, ${r[5]}, ${r[6]}, ${r[7]}, ${r[8]}, ${r[9]}, ${r[10]}, ${r[11]}, ${r[12]}, ${r[13]}, ${r[14]}, ${r[15]})`}function P6(r){return Math.sqrt(r[0]*r[0]+r[1]*r[1]+r[2]*r[2]+r[3]*r[3]+r[4]*r[4]+r[5]*r[5]+r[6]*r[6]+r[7]*r[7]+r[8]*r[8]+r[9]*r[9]+r[10]*r[10]+r[11]*r[11]+r[12]*r[12]+r[13]*r[13]+r[14]*r[14]+r[15]*r[15])}function S6(r,e,t){return r[0]=e[0]+t[0],r[1]=e[1]+t[1],r[2]=e[2]+t[2],r[3]=e[3]+t[3],r[4]=e[4]+t[4],r[5]=e[5]+t[5],r[6]=e[6]+t[6],r[7]=e[7]+t[7],r[8]=e[8]+t[8],r[9]=e[9]+t[9],r[10]=e[10]+t[10],r[11]=e[11]+t[11],r[12]=e[12]+t[12],r[13]=e[13]+t[13],r[14]=e[14]+t[14],r[15]=e[15]+t[15],r}function dP(r,e,t){return r[0]=e[0]-t[0],r[1]=e[1]-t[1],r[2]=e[2]-t[2],r[3]=e[3]-t[3],r[4]=e[4]-t[4],r[5]=e[5]-t[5],r[6]=e[6]-t[6],r[7]=e[7]-t[7],r[8]=e[8]-t[8],r[9]=e[9]-t[9],r[10]=e[10]-t[10],r[11]=e[11]-t[11],r[12]=e[12]-t[12],r[13]=e[13]-t[13],r[14]=e[14]-t[14],r[15]=e[15]-t[15],r}function T6(r,e,t){return r[0]=e[0]*t,r[1]=e[1]*t,r[2]=e[2]*t,r[3]=e[3]*t,r[4]=e[4]*t,r[5]=e[5]*t,r[6]=e[6]*t,r[7]=e[7]*t,r[8]=e[8]*t,r[9]=e[9]*t,r[10]=e[10]*t,r[11]=e[11]*t,r[12]=e[12]*t,r[13]=e[13]*t,r[14]=e[14]*t,r[15]=e[15]*t,r}function L6(r,e,t,n){return r[0]=e[0]+t[0]*n,r[1]=e[1]+t[1]*n,r[2]=e[2]+t[2]*n,r[3]=e[3]+t[3]*n,r[4]=e[4]+t[4]*n,r[5]=e[5]+t[5]*n,r[6]=e[6]+t[6]*n,r[7]=e[7]+t[7]*n,r[8]=e[8]+t[8]*n,r[9]=e[9]+t[9]*n,r[10]=e[10]+t[10]*n,r[11]=e[11]+t[11]*n,r[12]=e[12]+t[12]*n,r[13]=e[13]+t[13]*n,r[14]=e[14]+t[14]*n,r[15]=e[15]+t[15]*n,r}function A6(r,e){return r[0]===e[0]&&r[1]===e[1]&&r[2]===e[2]&&r[3]===e[3]&&r[4]===e[4]&&r[5]===e[5]&&r[6]===e[6]&&r[7]===e[7]&&r[8]===e[8]&&r[9]===e[9]&&r[10]===e[10]&&r[11]===e[11]&&r[12]===e[12]&&r[13]===e[13]&&r[14]===e[14]&&r[15]===e[15]}function C6(r,e){let t=r[0],n=r[1],i=r[2],o=r[3],s=r[4],a=r[5],c=r[6],l=r[7],f=r[8],u=r[9],d=r[10],h=r[11],p=r[12],g=r[13],y=r[14],w=r[15],x=e[0],b=e[1],v=e[2],T=e[3],L=e[4],D=e[5],B=e[6],F=e[7],M=e[8],N=e[9],G=e[10],O=e[11],$=e[12],H=e[13],te=e[14],X=e[15];return Math.abs(t-x)<=1e-6*Math.max(1,Math.abs(t),Math.abs(x))&&Math.abs(n-b)<=1e-6*Math.max(1,Math.abs(n),Math.abs(b))&&Math.abs(i-v)<=1e-6*Math.max(1,Math.abs(i),Math.abs(v))&&Math.abs(o-T)<=1e-6*Math.max(1,Math.abs(o),Math.abs(T))&&Math.abs(s-L)<=1e-6*Math.max(1,Math.abs(s),Math.abs(L))&&Math.abs(a-D)<=1e-6*Math.max(1,Math.abs(a),Math.abs(D))&&Math.abs(c-B)<=1e-6*Math.max(1,Math.abs(c),Math.abs(B))&&Math.abs(l-F)<=1e-6*Math.max(1,Math.abs(l),Math.abs(F))&&Math.abs(f-M)<=1e-6*Math.max(1,Math.abs(f),Math.abs(M))&&Math.abs(u-N)<=1e-6*Math.max(1,Math.abs(u),Math.abs(N))&&Math.abs(d-G)<=1e-6*Math.max(1,Math.abs(d),Math.abs(G))&&Math.abs(h-O)<=1e-6*Math.max(1,Math.abs(h),Math.abs(O))&&Math.abs(p-$)<=1e-6*Math.max(1,Math.abs(p),Math.abs($))&&Math.abs(g-H)<=1e-6*Math.max(1,Math.abs(g),Math.abs(H))&&Math.abs(y-te)<=1e-6*Math.max(1,Math.abs(y),Math.abs(te))&&Math.abs(w-X)<=1e-6*Math.max(1,Math.abs(w),Math.abs(X))}var x_,v_,M6,R6,E_=S(()=>{cs();x_=fP;v_=uP;M6=Ll,R6=dP});var Cn={};Ti(Cn,{add:()=>_P,ceil:()=>I6,clone:()=>pP,copy:()=>gP,create:()=>hP,cross:()=>z6,dist:()=>Z6,distance:()=>EP,div:()=>q6,divide:()=>vP,dot:()=>SP,equals:()=>j6,exactEquals:()=>LP,floor:()=>O6,forEach:()=>J6,fromValues:()=>mP,inverse:()=>U6,len:()=>K6,length:()=>P_,lerp:()=>TP,max:()=>k6,min:()=>B6,mul:()=>Y6,multiply:()=>xP,negate:()=>F6,normalize:()=>T_,random:()=>G6,round:()=>D6,scale:()=>wP,scaleAndAdd:()=>N6,set:()=>yP,sqrDist:()=>X6,sqrLen:()=>Q6,squaredDistance:()=>PP,squaredLength:()=>S_,str:()=>W6,sub:()=>H6,subtract:()=>bP,transformMat4:()=>L_,transformQuat:()=>$6,zero:()=>V6});function hP(){let r=new He(4);return He!=Float32Array&&(r[0]=0,r[1]=0,r[2]=0,r[3]=0),r}function pP(r){let e=new He(4);return e[0]=r[0],e[1]=r[1],e[2]=r[2],e[3]=r[3],e}function mP(r,e,t,n){let i=new He(4);return i[0]=r,i[1]=e,i[2]=t,i[3]=n,i}function gP(r,e){return r[0]=e[0],r[1]=e[1],r[2]=e[2],r[3]=e[3],r}function yP(r,e,t,n,i){return r[0]=e,r[1]=t,r[2]=n,r[3]=i,r}function _P(r,e,t){return r[0]=e[0]+t[0],r[1]=e[1]+t[1],r[2]=e[2]+t[2],r[3]=e[3]+t[3],r}function bP(r,e,t){return r[0]=e[0]-t[0],r[1]=e[1]-t[1],r[2]=e[2]-t[2],r[3]=e[3]-t[3],r}function xP(r,e,t){return r[0]=e[0]*t[0],r[1]=e[1]*t[1],r[2]=e[2]*t[2],r[3]=e[3]*t[3],r}function vP(r,e,t){return r[0]=e[0]/t[0],r[1]=e[1]/t[1],r[2]=e[2]/t[2],r[3]=e[3]/t[3],r}function I6(r,e){return r[0]=Math.ceil(e[0]),r[1]=Math.ceil(e[1]),r[2]=Math.ceil(e[2]),r[3]=Math.ceil(e[3]),r}function O6(r,e){return r[0]=Math.floor(e[0]),r[1]=Math.floor(e[1]),r[2]=Math.floor(e[2]),r[3]=Math.floor(e[3]),r}function B6(r,e,t){return r[0]=Math.min(e[0],t[0]),r[1]=Math.min(e[1],t[1]),r[2]=Math.min(e[2],t[2]),r[3]=Math.min(e[3],t[3]),r}function k6(r,e,t){return r[0]=Math.max(e[0],t[0]),r[1]=Math.max(e[1],t[1]),r[2]=Math.max(e[2],t[2]),r[3]=Math.max(e[3],t[3]),r}function D6(r,e){return r[0]=pn(e[0]),r[1]=pn(e[1]),r[2]=pn(e[2]),r[3]=pn(e[3]),r}function wP(r,e,t){return r[0]=e[0]*t,r[1]=e[1]*t,r[2]=e[2]*t,r[3]=e[3]*t,r}function N6(r,e,t,n){return r[0]=e[0]+t[0]*n,r[1]=e[1]+t[1]*n,r[2]=e[2]+t[2]*n,r[3]=e[3]+t[3]*n,r}function EP(r,e){let t=e[0]-r[0],n=e[1]-r[1],i=e[2]-r[2],o=e[3]-r[3];return Math.sqrt(t*t+n*n+i*i+o*o)}function PP(r,e){let t=e[0]-r[0],n=e[1]-r[1],i=e[2]-r[2],o=e[3]-r[3];return t*t+n*n+i*i+o*o}function P_(r){let e=r[0],t=r[1],n=r[2],i=r[3];return Math.sqrt(e*e+t*t+n*n+i*i)}function S_(r){let e=r[0],t=r[1],n=r[2],i=r[3];return e*e+t*t+n*n+i*i}function F6(r,e){return r[0]=-e[0],r[1]=-e[1],r[2]=-e[2],r[3]=-e[3],r}function U6(r,e){return r[0]=1/e[0],r[1]=1/e[1],r[2]=1/e[2],r[3]=1/e[3],r}function T_(r,e){let t=e[0],n=e[1],i=e[2],o=e[3],s=t*t+n*n+i*i+o*o;return s>0&&(s=1/Math.sqrt(s)),r[0]=t*s,r[1]=n*s,r[2]=i*s,r[3]=o*s,r}function SP(r,e){return r[0]*e[0]+r[1]*e[1]+r[2]*e[2]+r[3]*e[3]}function z6(r,e,t,n){let i=t[0]*n[1]-t[1]*n[0],o=t[0]*n[2]-t[2]*n[0],s=t[0]*n[3]-t[3]*n[0],a=t[1]*n[2]-t[2]*n[1],c=t[1]*n[3]-t[3]*n[1],l=t[2]*n[3]-t[3]*n[2],f=e[0],u=e[1],d=e[2],h=e[3];return r[0]=u*l-d*c+h*a,r[1]=-(f*l)+d*s-h*o,r[2]=f*c-u*s+h*i,r[3]=-(f*a)+u*o-d*i,r}function TP(r,e,t,n){let i=e[0],o=e[1],s=e[2],a=e[3];return r[0]=i+n*(t[0]-i),r[1]=o+n*(t[1]-o),r[2]=s+n*(t[2]-s),r[3]=a+n*(t[3]-a),r}function G6(r,e){e=e===void 0?1:e;let t,n,i,o,s,a;do t=si()*2-1,n=si()*2-1,s=t*t+n*n;while(s>=1);do i=si()*2-1,o=si()*2-1,a=i*i+o*o;while(a>=1);let c=Math.sqrt((1-s)/a);return r[0]=e*t,r[1]=e*n,r[2]=e*i*c,r[3]=e*o*c,r}function L_(r,e,t){let n=e[0],i=e[1],o=e[2],s=e[3];return r[0]=t[0]*n+t[4]*i+t[8]*o+t[12]*s,r[1]=t[1]*n+t[5]*i+t[9]*o+t[13]*s,r[2]=t[2]*n+t[6]*i+t[10]*o+t[14]*s,r[3]=t[3]*n+t[7]*i+t[11]*o+t[15]*s,r}function $6(r,e,t){let n=e[0],i=e[1],o=e[2],s=t[0],a=t[1],c=t[2],l=t[3],f=l*n+a*o-c*i,u=l*i+c*n-s*o,d=l*o+s*i-a*n,h=-s*n-a*i-c*o;return r[0]=f*l+h*-s+u*-c-d*-a,r[1]=u*l+h*-a+d*-s-f*-c,r[2]=d*l+h*-c+f*-a-u*-s,r[3]=e[3],r}function V6(r){return r[0]=0,r[1]=0,r[2]=0,r[3]=0,r}function W6(r){return`vec4(${r[0]}, ${r[1]}, ${r[2]}, ${r[3]})`}function LP(r,e){return r[0]===e[0]&&r[1]===e[1]&&r[2]===e[2]&&r[3]===e[3]}function j6(r,e){let t=r[0],n=r[1],i=r[2],o=r[3],s=e[0],a=e[1],c=e[2],l=e[3];return Math.abs(t-s)<=1e-6*Math.max(1,Math.abs(t),Math.abs(s))&&Math.abs(n-a)<=1e-6*Math.max(1,Math.abs(n),Math.abs(a))&&Math.abs(i-c)<=1e-6*Math.max(1,Math.abs(i),Math.abs(c))&&Math.abs(o-l)<=1e-6*Math.max(1,Math.abs(o),Math.abs(l))}var H6,Y6,q6,Z6,X6,K6,Q6,J6,jd=S(()=>{cs();H6=bP,Y6=xP,q6=vP,Z6=EP,X6=PP,K6=P_,Q6=S_,J6=(function(){let r=hP();return function(e,t,n,i,o,s){let a,c;for(t||(t=4),n||(n=0),i?c=Math.min(i*t+n,e.length):c=e.length,a=n;a<c;a+=t)r[0]=e[a],r[1]=e[a+1],r[2]=e[a+2],r[3]=e[a+3],o(r,r,s),e[a]=r[0],e[a+1]=r[1],e[a+2]=r[2],e[a+3]=r[3];return e}})()});function nF(){return Hd||(Hd=new Ct([0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]),Object.freeze(Hd)),Hd}function iF(){return Yd||(Yd=new Ct,Object.freeze(Yd)),Yd}function AP(r){if(r>Math.PI*2)throw Error("expected radians")}function oF(r,e,t,n,i,o){let s=2*o/(t-e),a=2*o/(i-n),c=(t+e)/(t-e),l=(i+n)/(i-n),f=-1,u=-1,d=-2*o;return r[0]=s,r[1]=0,r[2]=0,r[3]=0,r[4]=0,r[5]=a,r[6]=0,r[7]=0,r[8]=c,r[9]=l,r[10]=f,r[11]=u,r[12]=0,r[13]=0,r[14]=d,r[15]=0,r}var M_,eF,tF,A_,C_,rF,Ct,Hd,Yd,CP=S(()=>{iP();El();Qy();E_();Ky();Tl();jd();(function(r){r[r.COL0ROW0=0]="COL0ROW0",r[r.COL0ROW1=1]="COL0ROW1",r[r.COL0ROW2=2]="COL0ROW2",r[r.COL0ROW3=3]="COL0ROW3",r[r.COL1ROW0=4]="COL1ROW0",r[r.COL1ROW1=5]="COL1ROW1",r[r.COL1ROW2=6]="COL1ROW2",r[r.COL1ROW3=7]="COL1ROW3",r[r.COL2ROW0=8]="COL2ROW0",r[r.COL2ROW1=9]="COL2ROW1",r[r.COL2ROW2=10]="COL2ROW2",r[r.COL2ROW3=11]="COL2ROW3",r[r.COL3ROW0=12]="COL3ROW0",r[r.COL3ROW1=13]="COL3ROW1",r[r.COL3ROW2=14]="COL3ROW2",r[r.COL3ROW3=15]="COL3ROW3"})(M_||(M_={}));eF=45*Math.PI/180,tF=1,A_=.1,C_=500,rF=Object.freeze([1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1]),Ct=class extends Wd{static get IDENTITY(){return iF()}static get ZERO(){return nF()}get ELEMENTS(){return 16}get RANK(){return 4}get INDICES(){return M_}constructor(e){super(-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0),arguments.length===1&&Array.isArray(e)?this.copy(e):this.identity()}copy(e){return this[0]=e[0],this[1]=e[1],this[2]=e[2],this[3]=e[3],this[4]=e[4],this[5]=e[5],this[6]=e[6],this[7]=e[7],this[8]=e[8],this[9]=e[9],this[10]=e[10],this[11]=e[11],this[12]=e[12],this[13]=e[13],this[14]=e[14],this[15]=e[15],this.check()}set(e,t,n,i,o,s,a,c,l,f,u,d,h,p,g,y){return this[0]=e,this[1]=t,this[2]=n,this[3]=i,this[4]=o,this[5]=s,this[6]=a,this[7]=c,this[8]=l,this[9]=f,this[10]=u,this[11]=d,this[12]=h,this[13]=p,this[14]=g,this[15]=y,this.check()}setRowMajor(e,t,n,i,o,s,a,c,l,f,u,d,h,p,g,y){return this[0]=e,this[1]=o,this[2]=l,this[3]=h,this[4]=t,this[5]=s,this[6]=f,this[7]=p,this[8]=n,this[9]=a,this[10]=u,this[11]=g,this[12]=i,this[13]=c,this[14]=d,this[15]=y,this.check()}toRowMajor(e){return e[0]=this[0],e[1]=this[4],e[2]=this[8],e[3]=this[12],e[4]=this[1],e[5]=this[5],e[6]=this[9],e[7]=this[13],e[8]=this[2],e[9]=this[6],e[10]=this[10],e[11]=this[14],e[12]=this[3],e[13]=this[7],e[14]=this[11],e[15]=this[15],e}identity(){return this.copy(rF)}fromObject(e){return this.check()}fromQuaternion(e){return __(this,e),this.check()}frustum(e){let{left:t,right:n,bottom:i,top:o,near:s=A_,far:a=C_}=e;return a===1/0?oF(this,t,n,i,o,s):b_(this,t,n,i,o,s,a),this.check()}lookAt(e){let{eye:t,center:n=[0,0,0],up:i=[0,1,0]}=e;return w_(this,t,n,i),this.check()}ortho(e){let{left:t,right:n,bottom:i,top:o,near:s=A_,far:a=C_}=e;return v_(this,t,n,i,o,s,a),this.check()}orthographic(e){let{fovy:t=eF,aspect:n=tF,focalDistance:i=1,near:o=A_,far:s=C_}=e;AP(t);let a=t/2,c=i*Math.tan(a),l=c*n;return this.ortho({left:-l,right:l,bottom:-c,top:c,near:o,far:s})}perspective(e){let{fovy:t=45*Math.PI/180,aspect:n=1,near:i=.1,far:o=500}=e;return AP(t),x_(this,t,n,i,o),this.check()}determinant(){return u_(this)}getScale(e=[-0,-0,-0]){return e[0]=Math.sqrt(this[0]*this[0]+this[1]*this[1]+this[2]*this[2]),e[1]=Math.sqrt(this[4]*this[4]+this[5]*this[5]+this[6]*this[6]),e[2]=Math.sqrt(this[8]*this[8]+this[9]*this[9]+this[10]*this[10]),e}getTranslation(e=[-0,-0,-0]){return e[0]=this[12],e[1]=this[13],e[2]=this[14],e}getRotation(e,t){e=e||[-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0,-0],t=t||[-0,-0,-0];let n=this.getScale(t),i=1/n[0],o=1/n[1],s=1/n[2];return e[0]=this[0]*i,e[1]=this[1]*o,e[2]=this[2]*s,e[3]=0,e[4]=this[4]*i,e[5]=this[5]*o,e[6]=this[6]*s,e[7]=0,e[8]=this[8]*i,e[9]=this[9]*o,e[10]=this[10]*s,e[11]=0,e[12]=0,e[13]=0,e[14]=0,e[15]=1,e}getRotationMatrix3(e,t){e=e||[-0,-0,-0,-0,-0,-0,-0,-0,-0],t=t||[-0,-0,-0];let n=this.getScale(t),i=1/n[0],o=1/n[1],s=1/n[2];return e[0]=this[0]*i,e[1]=this[1]*o,e[2]=this[2]*s,e[3]=this[4]*i,e[4]=this[5]*o,e[5]=this[6]*s,e[6]=this[8]*i,e[7]=this[9]*o,e[8]=this[10]*s,e}transpose(){return l_(this,this),this.check()}invert(){return f_(this,this),this.check()}multiplyLeft(e){return Ll(this,e,this),this.check()}multiplyRight(e){return Ll(this,this,e),this.check()}rotateX(e){return m_(this,this,e),this.check()}rotateY(e){return g_(this,this,e),this.check()}rotateZ(e){return y_(this,this,e),this.check()}rotateXYZ(e){return this.rotateX(e[0]).rotateY(e[1]).rotateZ(e[2])}rotateAxis(e,t){return p_(this,this,e,t),this.check()}scale(e){return h_(this,this,Array.isArray(e)?e:[e,e,e]),this.check()}translate(e){return d_(this,this,e),this.check()}transform(e,t){return e.length===4?(t=L_(t||[-0,-0,-0,-0],e,this),Fd(t,4),t):this.transformAsPoint(e,t)}transformAsPoint(e,t){let{length:n}=e,i;switch(n){case 2:i=Xy(t||[-0,-0],e,this);break;case 3:i=Sl(t||[-0,-0,-0],e,this);break;default:throw new Error("Illegal vector")}return Fd(i,e.length),i}transformAsVector(e,t){let n;switch(e.length){case 2:n=q2(t||[-0,-0],e,this);break;case 3:n=zd(t||[-0,-0,-0],e,this);break;default:throw new Error("Illegal vector")}return Fd(n,e.length),n}transformPoint(e,t){return this.transformAsPoint(e,t)}transformVector(e,t){return this.transformAsPoint(e,t)}transformDirection(e,t){return this.transformAsVector(e,t)}makeRotationX(e){return this.identity().rotateX(e)}makeTranslation(e,t,n){return this.identity().translate([e,t,n])}}});function MP(){let r=new He(4);return He!=Float32Array&&(r[0]=0,r[1]=0,r[2]=0),r[3]=1,r}function sF(r,e,t){t=t*.5;let n=Math.sin(t);return r[0]=n*e[0],r[1]=n*e[1],r[2]=n*e[2],r[3]=Math.cos(t),r}function R_(r,e,t,n){let i=e[0],o=e[1],s=e[2],a=e[3],c=t[0],l=t[1],f=t[2],u=t[3],d,h,p,g,y;return d=i*c+o*l+s*f+a*u,d<0&&(d=-d,c=-c,l=-l,f=-f,u=-u),1-d>1e-6?(h=Math.acos(d),y=Math.sin(h),p=Math.sin((1-n)*h)/y,g=Math.sin(n*h)/y):(p=1-n,g=n),r[0]=p*i+g*c,r[1]=p*o+g*l,r[2]=p*s+g*f,r[3]=p*a+g*u,r}function aF(r,e){let t=e[0]+e[4]+e[8],n;if(t>0)n=Math.sqrt(t+1),r[3]=.5*n,n=.5/n,r[0]=(e[5]-e[7])*n,r[1]=(e[6]-e[2])*n,r[2]=(e[1]-e[3])*n;else{let i=0;e[4]>e[0]&&(i=1),e[8]>e[i*3+i]&&(i=2);let o=(i+1)%3,s=(i+2)%3;n=Math.sqrt(e[i*3+i]-e[o*3+o]-e[s*3+s]+1),r[i]=.5*n,n=.5/n,r[3]=(e[o*3+s]-e[s*3+o])*n,r[o]=(e[o*3+i]+e[i*3+o])*n,r[s]=(e[s*3+i]+e[i*3+s])*n}return r}var RP,tQ,rQ,nQ,IP=S(()=>{cs();c_();Tl();jd();RP=T_,tQ=(function(){let r=Gd(),e=$d(1,0,0),t=$d(0,1,0);return function(n,i,o){let s=Pl(i,o);return s<-.999999?(ls(r,e,i),s_(r)<1e-6&&ls(r,t,i),Jy(r,r),sF(n,r,Math.PI),n):s>.999999?(n[0]=0,n[1]=0,n[2]=0,n[3]=1,n):(ls(r,i,o),n[0]=r[0],n[1]=r[1],n[2]=r[2],n[3]=1+s,RP(n,n))}})(),rQ=(function(){let r=MP(),e=MP();return function(t,n,i,o,s,a){return R_(r,n,s,a),R_(e,i,o,a),R_(t,r,e,2*a*(1-a)),t}})(),nQ=(function(){let r=oP();return function(e,t,n,i){return r[0]=n[0],r[3]=n[1],r[6]=n[2],r[1]=i[0],r[4]=i[1],r[7]=i[2],r[2]=-t[0],r[5]=-t[1],r[8]=-t[2],RP(e,aF(e,r))}})()});var iQ,oQ,sQ,aQ,OP=S(()=>{iQ=Math.PI/2,oQ=Math.PI/4,sQ=Math.PI/6,aQ=Math.PI*2});var Ft=S(()=>{nP();CP();OP();Ea();c_();E_();IP();Ky();Tl();jd()});function I_(r,e=[],t=0){let n=Math.fround(r),i=r-n;return e[t]=n,e[t+1]=i,e}function BP(r){return r-Math.fround(r)}function kP(r){let e=new Float32Array(32);for(let t=0;t<4;++t)for(let n=0;n<4;++n){let i=t*4+n;I_(r[n*4+t],e,i*2)}return e}var DP=S(()=>{});function qd(r,e=!0){return r??e}function O_(r=[0,0,0],e=!0){return e?r.map(t=>t/255):[...r]}function NP(r,e=!0){let t=O_(r.slice(0,3),e),n=Number.isFinite(r[3]),i=n?r[3]:1;return[t[0],t[1],t[2],e&&n?i/255:i]}var B_=S(()=>{});var fF,uF,us,FP=S(()=>{fF=`#ifdef LUMA_FP32_TAN_PRECISION_WORKAROUND

// All these functions are for substituting tan() function from Intel GPU only
const float TWO_PI = 6.2831854820251465;
const float PI_2 = 1.5707963705062866;
const float PI_16 = 0.1963495463132858;

const float SIN_TABLE_0 = 0.19509032368659973;
const float SIN_TABLE_1 = 0.3826834261417389;
const float SIN_TABLE_2 = 0.5555702447891235;
const float SIN_TABLE_3 = 0.7071067690849304;

const float COS_TABLE_0 = 0.9807852506637573;
const float COS_TABLE_1 = 0.9238795042037964;
const float COS_TABLE_2 = 0.8314695954322815;
const float COS_TABLE_3 = 0.7071067690849304;

const float INVERSE_FACTORIAL_3 = 1.666666716337204e-01; // 1/3!
const float INVERSE_FACTORIAL_5 = 8.333333767950535e-03; // 1/5!
const float INVERSE_FACTORIAL_7 = 1.9841270113829523e-04; // 1/7!
const float INVERSE_FACTORIAL_9 = 2.75573188446287533e-06; // 1/9!

float sin_taylor_fp32(float a) {
  float r, s, t, x;

  if (a == 0.0) {
    return 0.0;
  }

  x = -a * a;
  s = a;
  r = a;

  r = r * x;
  t = r * INVERSE_FACTORIAL_3;
  s = s + t;

  r = r * x;
  t = r * INVERSE_FACTORIAL_5;
  s = s + t;

  r = r * x;
  t = r * INVERSE_FACTORIAL_7;
  s = s + t;

  r = r * x;
  t = r * INVERSE_FACTORIAL_9;
  s = s + t;

  return s;
}

void sincos_taylor_fp32(float a, out float sin_t, out float cos_t) {
  if (a == 0.0) {
    sin_t = 0.0;
    cos_t = 1.0;
  }
  sin_t = sin_taylor_fp32(a);
  cos_t = sqrt(1.0 - sin_t * sin_t);
}

float tan_taylor_fp32(float a) {
    float sin_a;
    float cos_a;

    if (a == 0.0) {
        return 0.0;
    }

    // 2pi range reduction
    float z = floor(a / TWO_PI);
    float r = a - TWO_PI * z;

    float t;
    float q = floor(r / PI_2 + 0.5);
    int j = int(q);

    if (j < -2 || j > 2) {
        return 1.0 / 0.0;
    }

    t = r - PI_2 * q;

    q = floor(t / PI_16 + 0.5);
    int k = int(q);
    int abs_k = int(abs(float(k)));

    if (abs_k > 4) {
        return 1.0 / 0.0;
    } else {
        t = t - PI_16 * q;
    }

    float u = 0.0;
    float v = 0.0;

    float sin_t, cos_t;
    float s, c;
    sincos_taylor_fp32(t, sin_t, cos_t);

    if (k == 0) {
        s = sin_t;
        c = cos_t;
    } else {
        if (abs(float(abs_k) - 1.0) < 0.5) {
            u = COS_TABLE_0;
            v = SIN_TABLE_0;
        } else if (abs(float(abs_k) - 2.0) < 0.5) {
            u = COS_TABLE_1;
            v = SIN_TABLE_1;
        } else if (abs(float(abs_k) - 3.0) < 0.5) {
            u = COS_TABLE_2;
            v = SIN_TABLE_2;
        } else if (abs(float(abs_k) - 4.0) < 0.5) {
            u = COS_TABLE_3;
            v = SIN_TABLE_3;
        }
        if (k > 0) {
            s = u * sin_t + v * cos_t;
            c = u * cos_t - v * sin_t;
        } else {
            s = u * sin_t - v * cos_t;
            c = u * cos_t + v * sin_t;
        }
    }

    if (j == 0) {
        sin_a = s;
        cos_a = c;
    } else if (j == 1) {
        sin_a = c;
        cos_a = -s;
    } else if (j == -1) {
        sin_a = -c;
        cos_a = s;
    } else {
        sin_a = -s;
        cos_a = -c;
    }
    return sin_a / cos_a;
}
#endif

float tan_fp32(float a) {
#ifdef LUMA_FP32_TAN_PRECISION_WORKAROUND
  return tan_taylor_fp32(a);
#else
  return tan(a);
#endif
}
`,uF=`#ifdef LUMA_FP32_TAN_PRECISION_WORKAROUND
const FP32_TWO_PI: f32 = 6.2831854820251465;
const FP32_PI_2: f32 = 1.5707963705062866;
const FP32_PI_16: f32 = 0.1963495463132858;

const FP32_SIN_TABLE_0: f32 = 0.19509032368659973;
const FP32_SIN_TABLE_1: f32 = 0.3826834261417389;
const FP32_SIN_TABLE_2: f32 = 0.5555702447891235;
const FP32_SIN_TABLE_3: f32 = 0.7071067690849304;

const FP32_COS_TABLE_0: f32 = 0.9807852506637573;
const FP32_COS_TABLE_1: f32 = 0.9238795042037964;
const FP32_COS_TABLE_2: f32 = 0.8314695954322815;
const FP32_COS_TABLE_3: f32 = 0.7071067690849304;

const FP32_INVERSE_FACTORIAL_3: f32 = 1.666666716337204e-01;
const FP32_INVERSE_FACTORIAL_5: f32 = 8.333333767950535e-03;
const FP32_INVERSE_FACTORIAL_7: f32 = 1.9841270113829523e-04;
const FP32_INVERSE_FACTORIAL_9: f32 = 2.75573188446287533e-06;
const FP32_OVERFLOW: f32 = 3.402823466e+38;

fn sin_taylor_fp32(a: f32) -> f32 {
  if (a == 0.0) {
    return 0.0;
  }

  let x = -a * a;
  var sum = a;
  var term = a;

  term = term * x;
  sum = sum + term * FP32_INVERSE_FACTORIAL_3;
  term = term * x;
  sum = sum + term * FP32_INVERSE_FACTORIAL_5;
  term = term * x;
  sum = sum + term * FP32_INVERSE_FACTORIAL_7;
  term = term * x;
  sum = sum + term * FP32_INVERSE_FACTORIAL_9;

  return sum;
}

fn tan_taylor_fp32(a: f32) -> f32 {
  if (a == 0.0) {
    return 0.0;
  }

  let z = floor(a / FP32_TWO_PI);
  let reduced = a - FP32_TWO_PI * z;

  var quadrantValue = floor(reduced / FP32_PI_2 + 0.5);
  let quadrant = i32(quadrantValue);
  if (quadrant < -2 || quadrant > 2) {
    return FP32_OVERFLOW;
  }

  var angle = reduced - FP32_PI_2 * quadrantValue;
  quadrantValue = floor(angle / FP32_PI_16 + 0.5);
  let tableIndex = i32(quadrantValue);
  let absoluteTableIndex = abs(tableIndex);
  if (absoluteTableIndex > 4) {
    return FP32_OVERFLOW;
  }

  angle = angle - FP32_PI_16 * quadrantValue;
  let sinAngle = sin_taylor_fp32(angle);
  let cosAngle = sqrt(1.0 - sinAngle * sinAngle);

  var tableCos = 0.0;
  var tableSin = 0.0;
  if (absoluteTableIndex == 1) {
    tableCos = FP32_COS_TABLE_0;
    tableSin = FP32_SIN_TABLE_0;
  } else if (absoluteTableIndex == 2) {
    tableCos = FP32_COS_TABLE_1;
    tableSin = FP32_SIN_TABLE_1;
  } else if (absoluteTableIndex == 3) {
    tableCos = FP32_COS_TABLE_2;
    tableSin = FP32_SIN_TABLE_2;
  } else if (absoluteTableIndex == 4) {
    tableCos = FP32_COS_TABLE_3;
    tableSin = FP32_SIN_TABLE_3;
  }

  var sinReduced = sinAngle;
  var cosReduced = cosAngle;
  if (tableIndex > 0) {
    sinReduced = tableCos * sinAngle + tableSin * cosAngle;
    cosReduced = tableCos * cosAngle - tableSin * sinAngle;
  } else if (tableIndex < 0) {
    sinReduced = tableCos * sinAngle - tableSin * cosAngle;
    cosReduced = tableCos * cosAngle + tableSin * sinAngle;
  }

  var sinValue = 0.0;
  var cosValue = 0.0;
  if (quadrant == 0) {
    sinValue = sinReduced;
    cosValue = cosReduced;
  } else if (quadrant == 1) {
    sinValue = cosReduced;
    cosValue = -sinReduced;
  } else if (quadrant == -1) {
    sinValue = -cosReduced;
    cosValue = sinReduced;
  } else {
    sinValue = -sinReduced;
    cosValue = -cosReduced;
  }

  return sinValue / cosValue;
}

fn tan_fp32(a: f32) -> f32 {
  return tan_taylor_fp32(a);
}
#else
fn tan_fp32(a: f32) -> f32 {
  return tan(a);
}
#endif
`,us={name:"fp32",source:uF,vs:fF}});var k_,UP=S(()=>{k_=`
layout(std140) uniform fp64arithmeticUniforms {
  uniform float ONE;
  uniform float SPLIT;
} fp64;

/*
About LUMA_FP64_CODE_ELIMINATION_WORKAROUND

The purpose of this workaround is to prevent shader compilers from
optimizing away necessary arithmetic operations by swapping their sequences
or transform the equation to some 'equivalent' form.

These helpers implement Dekker/Veltkamp-style error tracking. If the compiler
folds constants or reassociates the arithmetic, the high/low split can stop
tracking the rounding error correctly. That failure mode tends to look fine in
simple coordinate setup, but then breaks down inside iterative arithmetic such
as fp64 Mandelbrot loops.

The method is to multiply an artifical variable, ONE, which will be known to
the compiler to be 1 only at runtime. The whole expression is then represented
as a polynomial with respective to ONE. In the coefficients of all terms, only one a
and one b should appear

err = (a + b) * ONE^6 - a * ONE^5 - (a + b) * ONE^4 + a * ONE^3 - b - (a + b) * ONE^2 + a * ONE
*/

float prevent_fp64_optimization(float value) {
#if defined(LUMA_FP64_CODE_ELIMINATION_WORKAROUND)
  return value + fp64.ONE * 0.0;
#else
  return value;
#endif
}

// Divide float number to high and low floats to extend fraction bits
vec2 split(float a) {
  // Keep SPLIT as a runtime uniform so the compiler cannot fold the Dekker
  // split into a constant expression and reassociate the recovery steps.
  float split = prevent_fp64_optimization(fp64.SPLIT);
  float t = prevent_fp64_optimization(a * split);
  float temp = t - a;
  float a_hi = t - temp;
  float a_lo = a - a_hi;
  return vec2(a_hi, a_lo);
}

// Divide float number again when high float uses too many fraction bits
vec2 split2(vec2 a) {
  vec2 b = split(a.x);
  b.y += a.y;
  return b;
}

// Special sum operation when a > b
vec2 quickTwoSum(float a, float b) {
#if defined(LUMA_FP64_CODE_ELIMINATION_WORKAROUND)
  float sum = (a + b) * fp64.ONE;
  float err = b - (sum - a) * fp64.ONE;
#else
  float sum = a + b;
  float err = b - (sum - a);
#endif
  return vec2(sum, err);
}

// General sum operation
vec2 twoSum(float a, float b) {
  float s = (a + b);
#if defined(LUMA_FP64_CODE_ELIMINATION_WORKAROUND)
  float v = (s * fp64.ONE - a) * fp64.ONE;
  float err = (a - (s - v) * fp64.ONE) * fp64.ONE * fp64.ONE * fp64.ONE + (b - v);
#else
  float v = s - a;
  float err = (a - (s - v)) + (b - v);
#endif
  return vec2(s, err);
}

vec2 twoSub(float a, float b) {
  float s = (a - b);
#if defined(LUMA_FP64_CODE_ELIMINATION_WORKAROUND)
  float v = (s * fp64.ONE - a) * fp64.ONE;
  float err = (a - (s - v) * fp64.ONE) * fp64.ONE * fp64.ONE * fp64.ONE - (b + v);
#else
  float v = s - a;
  float err = (a - (s - v)) - (b + v);
#endif
  return vec2(s, err);
}

vec2 twoSqr(float a) {
  float prod = a * a;
  vec2 a_fp64 = split(a);
#if defined(LUMA_FP64_CODE_ELIMINATION_WORKAROUND)
  float err = ((a_fp64.x * a_fp64.x - prod) * fp64.ONE + 2.0 * a_fp64.x *
    a_fp64.y * fp64.ONE * fp64.ONE) + a_fp64.y * a_fp64.y * fp64.ONE * fp64.ONE * fp64.ONE;
#else
  float err = ((a_fp64.x * a_fp64.x - prod) + 2.0 * a_fp64.x * a_fp64.y) + a_fp64.y * a_fp64.y;
#endif
  return vec2(prod, err);
}

vec2 twoProd(float a, float b) {
  float prod = a * b;
  vec2 a_fp64 = split(a);
  vec2 b_fp64 = split(b);
  // twoProd is especially sensitive because mul_fp64 and div_fp64 both depend
  // on the split terms and cross terms staying in the original evaluation
  // order. If the compiler folds or reassociates them, the low part tends to
  // collapse to zero or NaN on some drivers.
  float highProduct = prevent_fp64_optimization(a_fp64.x * b_fp64.x);
  float crossProduct1 = prevent_fp64_optimization(a_fp64.x * b_fp64.y);
  float crossProduct2 = prevent_fp64_optimization(a_fp64.y * b_fp64.x);
  float lowProduct = prevent_fp64_optimization(a_fp64.y * b_fp64.y);
#if defined(LUMA_FP64_CODE_ELIMINATION_WORKAROUND)
  float err1 = (highProduct - prod) * fp64.ONE;
  float err2 = crossProduct1 * fp64.ONE * fp64.ONE;
  float err3 = crossProduct2 * fp64.ONE * fp64.ONE * fp64.ONE;
  float err4 = lowProduct * fp64.ONE * fp64.ONE * fp64.ONE * fp64.ONE;
#else
  float err1 = highProduct - prod;
  float err2 = crossProduct1;
  float err3 = crossProduct2;
  float err4 = lowProduct;
#endif
  float err = ((err1 + err2) + err3) + err4;
  return vec2(prod, err);
}

vec2 sum_fp64(vec2 a, vec2 b) {
  vec2 s, t;
  s = twoSum(a.x, b.x);
  t = twoSum(a.y, b.y);
  s.y += t.x;
  s = quickTwoSum(s.x, s.y);
  s.y += t.y;
  s = quickTwoSum(s.x, s.y);
  return s;
}

vec2 sub_fp64(vec2 a, vec2 b) {
  vec2 s, t;
  s = twoSub(a.x, b.x);
  t = twoSub(a.y, b.y);
  s.y += t.x;
  s = quickTwoSum(s.x, s.y);
  s.y += t.y;
  s = quickTwoSum(s.x, s.y);
  return s;
}

vec2 mul_fp64(vec2 a, vec2 b) {
  vec2 prod = twoProd(a.x, b.x);
  // y component is for the error
  prod.y += a.x * b.y;
#if defined(LUMA_FP64_HIGH_BITS_OVERFLOW_WORKAROUND)
  prod = split2(prod);
#endif
  prod = quickTwoSum(prod.x, prod.y);
  prod.y += a.y * b.x;
#if defined(LUMA_FP64_HIGH_BITS_OVERFLOW_WORKAROUND)
  prod = split2(prod);
#endif
  prod = quickTwoSum(prod.x, prod.y);
  return prod;
}

vec2 div_fp64(vec2 a, vec2 b) {
  float xn = 1.0 / b.x;
#if defined(LUMA_FP64_HIGH_BITS_OVERFLOW_WORKAROUND)
  vec2 yn = mul_fp64(a, vec2(xn, 0));
#else
  vec2 yn = a * xn;
#endif
  float diff = (sub_fp64(a, mul_fp64(b, yn))).x;
  vec2 prod = twoProd(xn, diff);
  return sum_fp64(yn, prod);
}

vec2 sqrt_fp64(vec2 a) {
  if (a.x == 0.0 && a.y == 0.0) return vec2(0.0, 0.0);
  if (a.x < 0.0) return vec2(0.0 / 0.0, 0.0 / 0.0);

  float x = 1.0 / sqrt(a.x);
  float yn = a.x * x;
#if defined(LUMA_FP64_CODE_ELIMINATION_WORKAROUND)
  vec2 yn_sqr = twoSqr(yn) * fp64.ONE;
#else
  vec2 yn_sqr = twoSqr(yn);
#endif
  float diff = sub_fp64(a, yn_sqr).x;
  vec2 prod = twoProd(x * 0.5, diff);
#if defined(LUMA_FP64_HIGH_BITS_OVERFLOW_WORKAROUND)
  return sum_fp64(split(yn), prod);
#else
  return sum_fp64(vec2(yn, 0.0), prod);
#endif
}
`});var zP,GP=S(()=>{zP=`struct Fp64F32Bits {
  sign: u32,
  baseExponent: i32,
  significand: u32,
  isZero: bool,
  isInf: bool,
  isNan: bool,
};

// Decode an f32 as (-1)^sign * significand * 2^baseExponent.
fn fp64_decode_f32_bits(bits: u32) -> Fp64F32Bits {
  let sign = bits >> 31u;
  let exponentBits = (bits >> 23u) & 0xffu;
  let fraction = bits & 0x7fffffu;

  if (exponentBits == 0xffu) {
    return Fp64F32Bits(sign, 0, 0u, false, fraction == 0u, fraction != 0u);
  }
  if (exponentBits == 0u) {
    return Fp64F32Bits(sign, -149, fraction, fraction == 0u, false, false);
  }
  return Fp64F32Bits(sign, i32(exponentBits) - 150, 0x800000u | fraction, false, false, false);
}

fn fp64_f32_magnitude_compare(aBits: u32, bBits: u32) -> i32 {
  let aMagnitude = aBits & 0x7fffffffu;
  let bMagnitude = bBits & 0x7fffffffu;
  if (aMagnitude == bMagnitude) {
    return 0;
  }
  return select(-1, 1, aMagnitude > bMagnitude);
}

fn fp64_make_residual_f32_bits(
  exactSign: u32,
  exactMagnitude: vec2u,
  exactBaseExponent: i32,
  highBits: u32
) -> u32 {
  if (fp64_u64_is_zero(exactMagnitude)) {
    return 0u;
  }

  let high = fp64_decode_f32_bits(highBits);
  if (high.isInf || high.isNan) {
    return exactSign << 31u;
  }
  if (high.isZero) {
    return fp64_make_f32_bits_from_u64(exactSign, exactMagnitude, exactBaseExponent);
  }

  let commonBaseExponent = min(exactBaseExponent, high.baseExponent);
  let exactShift = exactBaseExponent - commonBaseExponent;
  let highShift = high.baseExponent - commonBaseExponent;

  // A normal two-sum/two-product residual never needs a shift this large.
  // This guard gives deterministic underflow behavior outside that contract.
  if (exactShift >= 64 || highShift >= 64) {
    return exactSign << 31u;
  }

  let exactAligned = fp64_u64_shift_left(exactMagnitude, u32(exactShift));
  let highAligned = fp64_u64_shift_left(vec2u(0u, high.significand), u32(highShift));
  let comparison = fp64_u64_compare(exactAligned, highAligned);
  if (comparison == 0) {
    return 0u;
  }

  var residualSign = exactSign;
  var residualMagnitude: vec2u;
  if (comparison > 0) {
    residualMagnitude = fp64_u64_sub(exactAligned, highAligned);
  } else {
    residualSign = exactSign ^ 1u;
    residualMagnitude = fp64_u64_sub(highAligned, exactAligned);
  }
  return fp64_make_f32_bits_from_u64(
    residualSign,
    residualMagnitude,
    commonBaseExponent
  );
}

fn fp64_split_accumulator_bits(
  sign: u32,
  magnitude: vec2u,
  baseExponent: i32
) -> vec2u {
  let highBits = fp64_make_f32_bits_from_u64(sign, magnitude, baseExponent);
  let lowBits = fp64_make_residual_f32_bits(sign, magnitude, baseExponent, highBits);
  return vec2u(highBits, lowBits);
}

fn fp64_two_sum_integer_bits(aBits: u32, bBits: u32) -> vec2u {
  let a = fp64_decode_f32_bits(aBits);
  let b = fp64_decode_f32_bits(bBits);

  if (a.isNan || b.isNan) {
    return vec2u(0x7fc00000u, 0u);
  }
  if (a.isInf || b.isInf) {
    if (a.isInf && b.isInf && a.sign != b.sign) {
      return vec2u(0x7fc00000u, 0u);
    }
    return select(vec2u(bBits, 0u), vec2u(aBits, 0u), a.isInf);
  }
  if (a.isZero && b.isZero) {
    return vec2u((a.sign & b.sign) << 31u, 0u);
  }
  if (a.isZero) {
    return vec2u(bBits, 0u);
  }
  if (b.isZero) {
    return vec2u(aBits, 0u);
  }

  let exponentDifference = select(
    b.baseExponent - a.baseExponent,
    a.baseExponent - b.baseExponent,
    a.baseExponent >= b.baseExponent
  );

  // Beyond half an ulp, rounding cannot change the larger operand. Returning
  // the smaller operand intact also avoids an unbounded integer alignment.
  // At a power-of-two boundary the spacing below the larger operand is half
  // the spacing above it, so an opposite-sign gap-25 operand can still change
  // the rounded high limb. Gap 26 is the first universally safe early-out.
  if (exponentDifference > 25) {
    if (fp64_f32_magnitude_compare(aBits, bBits) >= 0) {
      return vec2u(aBits, bBits);
    }
    return vec2u(bBits, aBits);
  }

  let commonBaseExponent = min(a.baseExponent, b.baseExponent);
  let aMagnitude = fp64_u64_shift_left(
    vec2u(0u, a.significand),
    u32(a.baseExponent - commonBaseExponent)
  );
  let bMagnitude = fp64_u64_shift_left(
    vec2u(0u, b.significand),
    u32(b.baseExponent - commonBaseExponent)
  );

  var resultSign = a.sign;
  var resultMagnitude: vec2u;
  if (a.sign == b.sign) {
    resultMagnitude = fp64_u64_add(aMagnitude, bMagnitude);
  } else {
    let comparison = fp64_u64_compare(aMagnitude, bMagnitude);
    if (comparison == 0) {
      return vec2u(0u, 0u);
    }
    if (comparison > 0) {
      resultMagnitude = fp64_u64_sub(aMagnitude, bMagnitude);
    } else {
      resultSign = b.sign;
      resultMagnitude = fp64_u64_sub(bMagnitude, aMagnitude);
    }
  }

  return fp64_split_accumulator_bits(resultSign, resultMagnitude, commonBaseExponent);
}

fn fp64_two_sum_integer(a: f32, b: f32) -> vec2f {
  let resultBits = fp64_two_sum_integer_bits(bitcast<u32>(a), bitcast<u32>(b));
  return vec2f(bitcast<f32>(resultBits.x), bitcast<f32>(resultBits.y));
}

fn fp64_multiply_significands(a: u32, b: u32) -> vec2u {
  let aLow = a & 0xffffu;
  let aHigh = a >> 16u;
  let bLow = b & 0xffffu;
  let bHigh = b >> 16u;
  let lowProduct = aLow * bLow;
  let crossProduct = aLow * bHigh + aHigh * bLow;
  let highProduct = aHigh * bHigh;

  var result = vec2u(0u, lowProduct);
  result = fp64_u64_add(
    result,
    fp64_u64_shift_left(vec2u(0u, crossProduct), 16u)
  );
  result = fp64_u64_add(result, vec2u(highProduct, 0u));
  return result;
}

fn fp64_two_prod_integer_bits(aBits: u32, bBits: u32) -> vec2u {
  let a = fp64_decode_f32_bits(aBits);
  let b = fp64_decode_f32_bits(bBits);
  let resultSign = a.sign ^ b.sign;

  if (a.isNan || b.isNan || ((a.isZero || b.isZero) && (a.isInf || b.isInf))) {
    return vec2u(0x7fc00000u, 0u);
  }
  if (a.isInf || b.isInf) {
    return vec2u((resultSign << 31u) | 0x7f800000u, resultSign << 31u);
  }
  if (a.isZero || b.isZero) {
    return vec2u(resultSign << 31u, resultSign << 31u);
  }

  let magnitude = fp64_multiply_significands(a.significand, b.significand);
  return fp64_split_accumulator_bits(
    resultSign,
    magnitude,
    a.baseExponent + b.baseExponent
  );
}

fn fp64_two_prod_integer(a: f32, b: f32) -> vec2f {
  let resultBits = fp64_two_prod_integer_bits(bitcast<u32>(a), bitcast<u32>(b));
  return vec2f(bitcast<f32>(resultBits.x), bitcast<f32>(resultBits.y));
}

fn fp64_round_add_integer(a: f32, b: f32) -> f32 {
  return fp64_two_sum_integer(a, b).x;
}

fn fp64_round_mul_integer(a: f32, b: f32) -> f32 {
  return fp64_two_prod_integer(a, b).x;
}

#ifndef LUMA_FP64_PREDICATE_ONLY
fn fp64_f32_finite_exponent(value: Fp64F32Bits) -> i32 {
  let mostSignificantBit = 31u - countLeadingZeros(value.significand);
  return value.baseExponent + i32(mostSignificantBit);
}

fn fp64_scale_f32_integer(value: f32, exponent: i32) -> f32 {
  let decoded = fp64_decode_f32_bits(bitcast<u32>(value));
  if (decoded.isZero || decoded.isInf || decoded.isNan) {
    return value;
  }
  let resultBits = fp64_make_f32_bits_from_u64(
    decoded.sign,
    vec2u(0u, decoded.significand),
    decoded.baseExponent + exponent
  );
  return bitcast<f32>(resultBits);
}

// Divide normalized significands so the hardware operation cannot overflow,
// underflow, or flush a subnormal result. Reapply the exponent with integer
// packing, which also produces subnormal correction limbs without relying on
// floating-point arithmetic to preserve them.
fn fp64_divide_f32_integer(aValue: f32, bValue: f32) -> f32 {
  let a = fp64_decode_f32_bits(bitcast<u32>(aValue));
  let b = fp64_decode_f32_bits(bitcast<u32>(bValue));
  if (a.isZero || b.isZero || a.isInf || b.isInf || a.isNan || b.isNan) {
    return aValue / bValue;
  }

  let aMostSignificantBit = 31u - countLeadingZeros(a.significand);
  let bMostSignificantBit = 31u - countLeadingZeros(b.significand);
  let normalizedABits = fp64_make_f32_bits_from_u64(
    a.sign,
    vec2u(0u, a.significand),
    -i32(aMostSignificantBit)
  );
  let normalizedBBits = fp64_make_f32_bits_from_u64(
    b.sign,
    vec2u(0u, b.significand),
    -i32(bMostSignificantBit)
  );
  let normalizedQuotient = bitcast<f32>(normalizedABits) / bitcast<f32>(normalizedBBits);
  let quotient = fp64_decode_f32_bits(bitcast<u32>(normalizedQuotient));
  let exponentShift =
    a.baseExponent + i32(aMostSignificantBit) -
    b.baseExponent - i32(bMostSignificantBit);
  let quotientBits = fp64_make_f32_bits_from_u64(
    quotient.sign,
    vec2u(0u, quotient.significand),
    quotient.baseExponent + exponentShift
  );
  return bitcast<f32>(quotientBits);
}
#endif

#ifndef LUMA_FP64_PREDICATE_ONLY
fn split(a: f32) -> vec2f {
  let aBits = bitcast<u32>(a);
  let decoded = fp64_decode_f32_bits(aBits);
  if (decoded.isZero || decoded.isInf || decoded.isNan) {
    return vec2f(a, 0.0);
  }

  var roundedHigh = decoded.significand >> 12u;
  let remainder = decoded.significand & 0xfffu;
  if (remainder > 0x800u || (remainder == 0x800u && (roundedHigh & 1u) == 1u)) {
    roundedHigh = roundedHigh + 1u;
  }
  var highMagnitude = vec2u(0u, roundedHigh << 12u);
  var highBits = fp64_make_f32_bits_from_u64(
    decoded.sign,
    highMagnitude,
    decoded.baseExponent
  );
  // Rounding the high limb of a maximum-exponent value can overflow even
  // though the original value is finite. Truncate only in that boundary case
  // so split remains an exact finite decomposition.
  if (fp64_decode_f32_bits(highBits).isInf) {
    roundedHigh = decoded.significand >> 12u;
    highMagnitude = vec2u(0u, roundedHigh << 12u);
    highBits = fp64_make_f32_bits_from_u64(
      decoded.sign,
      highMagnitude,
      decoded.baseExponent
    );
  }
  let lowBits = fp64_make_residual_f32_bits(
    decoded.sign,
    vec2u(0u, decoded.significand),
    decoded.baseExponent,
    highBits
  );
  return vec2f(bitcast<f32>(highBits), bitcast<f32>(lowBits));
}

fn split2(a: vec2f) -> vec2f {
  var result = split(a.x);
  result.y = fp64_round_add_integer(result.y, a.y);
  return result;
}
#endif

#ifndef LUMA_FP64_PREDICATE_ONLY
fn quickTwoSum(a: f32, b: f32) -> vec2f {
  return fp64_two_sum_integer(a, b);
}
#endif

fn twoSum(a: f32, b: f32) -> vec2f {
  return fp64_two_sum_integer(a, b);
}

fn twoSub(a: f32, b: f32) -> vec2f {
  let bBits = bitcast<u32>(b) ^ 0x80000000u;
  let resultBits = fp64_two_sum_integer_bits(bitcast<u32>(a), bBits);
  return vec2f(bitcast<f32>(resultBits.x), bitcast<f32>(resultBits.y));
}

#ifndef LUMA_FP64_PREDICATE_ONLY
fn twoSqr(a: f32) -> vec2f {
  return fp64_two_prod_integer(a, a);
}

fn twoProd(a: f32, b: f32) -> vec2f {
  return fp64_two_prod_integer(a, b);
}
#endif

fn sum_fp64(a: vec2f, b: vec2f) -> vec2f {
  var sum = fp64_two_sum_integer(a.x, b.x);
  let lowSum = fp64_two_sum_integer(a.y, b.y);
  sum.y = fp64_round_add_integer(sum.y, lowSum.x);
  sum = fp64_two_sum_integer(sum.x, sum.y);
  sum.y = fp64_round_add_integer(sum.y, lowSum.y);
  return fp64_two_sum_integer(sum.x, sum.y);
}

fn sub_fp64(a: vec2f, b: vec2f) -> vec2f {
  let negatedB = vec2f(
    bitcast<f32>(bitcast<u32>(b.x) ^ 0x80000000u),
    bitcast<f32>(bitcast<u32>(b.y) ^ 0x80000000u)
  );
  return sum_fp64(a, negatedB);
}

fn mul_fp64(a: vec2f, b: vec2f) -> vec2f {
  var product = fp64_two_prod_integer(a.x, b.x);
  let crossProduct1 = fp64_round_mul_integer(a.x, b.y);
  product.y = fp64_round_add_integer(product.y, crossProduct1);
  product = fp64_two_sum_integer(product.x, product.y);
  let crossProduct2 = fp64_round_mul_integer(a.y, b.x);
  product.y = fp64_round_add_integer(product.y, crossProduct2);
  return fp64_two_sum_integer(product.x, product.y);
}

#ifndef LUMA_FP64_PREDICATE_ONLY
fn fp64_scale_fp64_integer(value: vec2f, exponent: i32) -> vec2f {
  let high = fp64_scale_f32_integer(value.x, exponent);
  let low = fp64_scale_f32_integer(value.y, exponent);
  return sum_fp64(vec2f(high, 0.0), vec2f(low, 0.0));
}

fn fp64_div_fp64_normalized(a: vec2f, b: vec2f) -> vec2f {
  let quotientHigh = fp64_divide_f32_integer(a.x, b.x);
  var quotient = vec2f(quotientHigh, 0.0);

  let remainder = sub_fp64(a, mul_fp64(b, quotient));
  let quotientLow = fp64_divide_f32_integer(remainder.x, b.x);
  quotient = sum_fp64(quotient, vec2f(quotientLow, 0.0));

  let secondRemainder = sub_fp64(a, mul_fp64(b, quotient));
  let correction = fp64_divide_f32_integer(secondRemainder.x, b.x);
  return sum_fp64(quotient, vec2f(correction, 0.0));
}

fn div_fp64(a: vec2f, b: vec2f) -> vec2f {
  let decodedA = fp64_decode_f32_bits(bitcast<u32>(a.x));
  let decodedB = fp64_decode_f32_bits(bitcast<u32>(b.x));
  if (
    decodedA.isZero || decodedB.isZero ||
    decodedA.isInf || decodedB.isInf ||
    decodedA.isNan || decodedB.isNan
  ) {
    return fp64_div_fp64_normalized(a, b);
  }

  let exponentA = fp64_f32_finite_exponent(decodedA);
  let exponentB = fp64_f32_finite_exponent(decodedB);
  // Correct the quotient near unity so b * q and the remainder stay clear of
  // both f32 underflow and overflow. The exponent difference is applied once.
  let normalizedA = fp64_scale_fp64_integer(a, -exponentA);
  let normalizedB = fp64_scale_fp64_integer(b, -exponentB);
  let normalizedQuotient = fp64_div_fp64_normalized(normalizedA, normalizedB);
  return fp64_scale_fp64_integer(normalizedQuotient, exponentA - exponentB);
}

fn fp64_sqrt_fp64_normalized(a: vec2f) -> vec2f {
  let estimate = sqrt(a.x);
  let difference = sub_fp64(a, fp64_two_prod_integer(estimate, estimate)).x;
  let denominator = fp64_round_add_integer(estimate, estimate);
  let correction = fp64_divide_f32_integer(difference, denominator);
  return sum_fp64(vec2f(estimate, 0.0), vec2f(correction, 0.0));
}

fn sqrt_fp64(a: vec2f) -> vec2f {
  let decoded = fp64_decode_f32_bits(bitcast<u32>(a.x));
  let decodedLow = fp64_decode_f32_bits(bitcast<u32>(a.y));
  if (decoded.isZero && decodedLow.isZero) {
    return vec2f(0.0, 0.0);
  }
  if (decoded.sign == 1u) {
    let nanValue = fp64_nan(a.x);
    return vec2f(nanValue, nanValue);
  }

  if (decoded.isInf || decoded.isNan) {
    return fp64_sqrt_fp64_normalized(a);
  }
  let exponent = fp64_f32_finite_exponent(decoded);
  // An even scale lets the final square-root rescale use an integer exponent.
  let evenExponent = exponent - (exponent & 1);
  let normalizedA = fp64_scale_fp64_integer(a, -evenExponent);
  let normalizedRoot = fp64_sqrt_fp64_normalized(normalizedA);
  return fp64_scale_fp64_integer(normalizedRoot, evenExponent / 2);
}
#endif
`});var $P,VP=S(()=>{GP();$P=`struct Fp64ArithmeticUniforms {
  ONE: f32,
  SPLIT: f32,
};

@group(0) @binding(auto) var<uniform> fp64arithmetic : Fp64ArithmeticUniforms;

#ifndef LUMA_FP64_F32_INPUT_ONLY
struct Fp64Bits {
  sign: u32,
  exponent: i32,
  significand: vec2u,
  isZero: bool,
  isInf: bool,
  isNan: bool,
};
#endif

#ifndef LUMA_FP64_PREDICATE_ONLY
fn fp64_nan(seed: f32) -> f32 {
  let nanBits = 0x7fc00000u | select(0u, 1u, seed < 0.0);
  return bitcast<f32>(nanBits);
}
#endif

fn fp64_u64_is_zero(value: vec2u) -> bool {
  return value.x == 0u && value.y == 0u;
}

fn fp64_u64_compare(a: vec2u, b: vec2u) -> i32 {
  if (a.x != b.x) {
    return select(-1, 1, a.x > b.x);
  }
  if (a.y != b.y) {
    return select(-1, 1, a.y > b.y);
  }
  return 0;
}

fn fp64_u64_add(a: vec2u, b: vec2u) -> vec2u {
  let low = a.y + b.y;
  let carry = select(0u, 1u, low < a.y);
  return vec2u(a.x + b.x + carry, low);
}

fn fp64_u64_sub(a: vec2u, b: vec2u) -> vec2u {
  let borrow = select(0u, 1u, a.y < b.y);
  return vec2u(a.x - b.x - borrow, a.y - b.y);
}

fn fp64_u64_shift_left(value: vec2u, shift: u32) -> vec2u {
  if (shift == 0u) {
    return value;
  }
  if (shift < 32u) {
    return vec2u((value.x << shift) | (value.y >> (32u - shift)), value.y << shift);
  }
  if (shift == 32u) {
    return vec2u(value.y, 0u);
  }
  if (shift < 64u) {
    return vec2u(value.y << (shift - 32u), 0u);
  }
  return vec2u(0u);
}

fn fp64_u64_shift_right(value: vec2u, shift: u32) -> vec2u {
  if (shift == 0u) {
    return value;
  }
  if (shift < 32u) {
    return vec2u(value.x >> shift, (value.y >> shift) | (value.x << (32u - shift)));
  }
  if (shift == 32u) {
    return vec2u(0u, value.x);
  }
  if (shift < 64u) {
    return vec2u(0u, value.x >> (shift - 32u));
  }
  return vec2u(0u);
}

fn fp64_u64_get_bit(value: vec2u, bitIndex: u32) -> bool {
  if (bitIndex >= 64u) {
    return false;
  }
  if (bitIndex >= 32u) {
    return ((value.x >> (bitIndex - 32u)) & 1u) != 0u;
  }
  return ((value.y >> bitIndex) & 1u) != 0u;
}

fn fp64_u64_has_bits_below(value: vec2u, bitCount: u32) -> bool {
  if (bitCount == 0u) {
    return false;
  }
  if (bitCount >= 64u) {
    return !fp64_u64_is_zero(value);
  }
  if (bitCount > 32u) {
    let highBitCount = bitCount - 32u;
    let highMask = (1u << highBitCount) - 1u;
    return value.y != 0u || (value.x & highMask) != 0u;
  }
  if (bitCount == 32u) {
    return value.y != 0u;
  }
  let lowMask = (1u << bitCount) - 1u;
  return (value.y & lowMask) != 0u;
}

#ifndef LUMA_FP64_F32_INPUT_ONLY
fn fp64_u64_shift_right_sticky(value: vec2u, shift: u32) -> vec2u {
  var shifted = fp64_u64_shift_right(value, shift);
  if (fp64_u64_has_bits_below(value, shift)) {
    shifted.y = shifted.y | 1u;
  }
  return shifted;
}
#endif

fn fp64_u64_count_leading_zeros(value: vec2u) -> u32 {
  if (value.x != 0u) {
    return countLeadingZeros(value.x);
  }
  return 32u + countLeadingZeros(value.y);
}

fn fp64_round_shift_right_to_u32(value: vec2u, shift: u32) -> u32 {
  if (shift == 0u) {
    return value.y;
  }

  let truncated = fp64_u64_shift_right(value, shift);
  var rounded = truncated.y;
  let guard = fp64_u64_get_bit(value, shift - 1u);
  let hasTrailingBits = fp64_u64_has_bits_below(value, shift - 1u);
  if (guard && (hasTrailingBits || (rounded & 1u) == 1u)) {
    rounded = rounded + 1u;
  }
  return rounded;
}

#ifndef LUMA_FP64_F32_INPUT_ONLY
fn fp64_round_shift_right(value: vec2u, shift: u32) -> vec2u {
  if (shift == 0u) {
    return value;
  }

  var rounded = fp64_u64_shift_right(value, shift);
  let guard = fp64_u64_get_bit(value, shift - 1u);
  let hasTrailingBits = fp64_u64_has_bits_below(value, shift - 1u);
  if (guard && (hasTrailingBits || (rounded.y & 1u) == 1u)) {
    rounded = fp64_u64_add(rounded, vec2u(0u, 1u));
  }
  return rounded;
}
#endif

fn fp64_make_f32_bits_from_u64(sign: u32, significand: vec2u, baseExponent: i32) -> u32 {
  if (fp64_u64_is_zero(significand)) {
    return sign << 31u;
  }

  let leadingZeros = fp64_u64_count_leading_zeros(significand);
  let mostSignificantBit = 63u - leadingZeros;
  var exponent = baseExponent + i32(mostSignificantBit);

  if (exponent > 127) {
    return (sign << 31u) | 0x7f800000u;
  }

  if (exponent >= -126) {
    let shift = i32(mostSignificantBit) - 23;
    var significand24: u32;
    if (shift > 0) {
      significand24 = fp64_round_shift_right_to_u32(significand, u32(shift));
    } else {
      significand24 = fp64_u64_shift_left(significand, u32(-shift)).y;
    }

    if (significand24 >= 0x1000000u) {
      significand24 = significand24 >> 1u;
      exponent = exponent + 1;
      if (exponent > 127) {
        return (sign << 31u) | 0x7f800000u;
      }
    }

    return (sign << 31u) | (u32(exponent + 127) << 23u) | (significand24 & 0x7fffffu);
  }

  let scaleExponent = baseExponent + 149;
  var mantissa: u32;
  if (scaleExponent >= 0) {
    mantissa = fp64_u64_shift_left(significand, u32(scaleExponent)).y;
  } else {
    mantissa = fp64_round_shift_right_to_u32(significand, u32(-scaleExponent));
  }

  if (mantissa >= 0x800000u) {
    return (sign << 31u) | 0x00800000u;
  }
  return (sign << 31u) | mantissa;
}

#ifndef LUMA_FP64_F32_INPUT_ONLY
fn fp64_decode_bits(bits: vec2u) -> Fp64Bits {
  let sign = bits.x >> 31u;
  let exponentBits = (bits.x >> 20u) & 0x7ffu;
  let fractionHigh = bits.x & 0xfffffu;
  let fractionLow = bits.y;
  let fraction = vec2u(fractionHigh, fractionLow);

  if (exponentBits == 0x7ffu) {
    let isInf = fp64_u64_is_zero(fraction);
    return Fp64Bits(sign, 0, vec2u(0u), false, isInf, !isInf);
  }

  if (exponentBits == 0u) {
    let isZero = fp64_u64_is_zero(fraction);
    return Fp64Bits(sign, -1022, fraction, isZero, false, false);
  }

  return Fp64Bits(sign, i32(exponentBits) - 1023, vec2u((1u << 20u) | fractionHigh, fractionLow), false, false, false);
}

fn fp64_finite_magnitude_compare(a: Fp64Bits, b: Fp64Bits) -> i32 {
  if (a.exponent != b.exponent) {
    return select(-1, 1, a.exponent > b.exponent);
  }
  return fp64_u64_compare(a.significand, b.significand);
}
#endif

#ifndef LUMA_FP64_F32_INPUT_ONLY
struct Fp64RawF32Bits {
  sign: u32,
  baseExponent: i32,
  significand: u32,
  isZero: bool,
  isInf: bool,
  isNan: bool,
};

// Decode an f32 as (-1)^sign * significand * 2^baseExponent. This shared
// integer representation lets normalization remain independent of the
// selected double-single arithmetic implementation.
fn fp64_decode_raw_f32_bits(bits: u32) -> Fp64RawF32Bits {
  let sign = bits >> 31u;
  let exponentBits = (bits >> 23u) & 0xffu;
  let fraction = bits & 0x7fffffu;

  if (exponentBits == 0xffu) {
    return Fp64RawF32Bits(sign, 0, 0u, false, fraction == 0u, fraction != 0u);
  }
  if (exponentBits == 0u) {
    return Fp64RawF32Bits(sign, -149, fraction, fraction == 0u, false, false);
  }
  return Fp64RawF32Bits(
    sign,
    i32(exponentBits) - 150,
    0x800000u | fraction,
    false,
    false,
    false
  );
}

fn fp64_raw_f32_magnitude_compare(aBits: u32, bBits: u32) -> i32 {
  let aMagnitude = aBits & 0x7fffffffu;
  let bMagnitude = bBits & 0x7fffffffu;
  if (aMagnitude == bMagnitude) {
    return 0;
  }
  return select(-1, 1, aMagnitude > bMagnitude);
}

fn fp64_make_raw_residual_f32_bits(
  exactSign: u32,
  exactMagnitude: vec2u,
  exactBaseExponent: i32,
  highBits: u32
) -> u32 {
  if (fp64_u64_is_zero(exactMagnitude)) {
    return 0u;
  }

  let high = fp64_decode_raw_f32_bits(highBits);
  if (high.isInf || high.isNan) {
    return 0u;
  }
  if (high.isZero) {
    return fp64_make_f32_bits_from_u64(exactSign, exactMagnitude, exactBaseExponent);
  }

  let commonBaseExponent = min(exactBaseExponent, high.baseExponent);
  let exactShift = exactBaseExponent - commonBaseExponent;
  let highShift = high.baseExponent - commonBaseExponent;
  if (exactShift >= 64 || highShift >= 64) {
    return 0u;
  }

  let exactAligned = fp64_u64_shift_left(exactMagnitude, u32(exactShift));
  let highAligned = fp64_u64_shift_left(vec2u(0u, high.significand), u32(highShift));
  let comparison = fp64_u64_compare(exactAligned, highAligned);
  if (comparison == 0) {
    return 0u;
  }

  var residualSign = exactSign;
  var residualMagnitude: vec2u;
  if (comparison > 0) {
    residualMagnitude = fp64_u64_sub(exactAligned, highAligned);
  } else {
    residualSign = exactSign ^ 1u;
    residualMagnitude = fp64_u64_sub(highAligned, exactAligned);
  }
  return fp64_make_f32_bits_from_u64(
    residualSign,
    residualMagnitude,
    commonBaseExponent
  );
}

fn fp64_split_raw_accumulator_bits(
  sign: u32,
  magnitude: vec2u,
  baseExponent: i32
) -> vec2u {
  if (fp64_u64_is_zero(magnitude)) {
    return vec2u(0u);
  }
  let highBits = fp64_make_f32_bits_from_u64(sign, magnitude, baseExponent);
  let rawLowBits = fp64_make_raw_residual_f32_bits(sign, magnitude, baseExponent, highBits);
  let lowBits = select(rawLowBits, 0u, (rawLowBits & 0x7fffffffu) == 0u);
  if ((highBits & 0x7fffffffu) == 0u && (lowBits & 0x7fffffffu) == 0u) {
    return vec2u(0u);
  }
  return vec2u(highBits, lowBits);
}
#endif

#ifndef LUMA_FP64_F32_INPUT_ONLY
// Round an arithmetic accumulator to binary64 before splitting it. The
// aligned add/subtract paths retain three guard bits plus a sticky bit, which
// is sufficient for round-to-nearest-even at the binary64 boundary.
fn fp64_split_binary64_accumulator_bits(
  sign: u32,
  magnitude: vec2u,
  baseExponent: i32
) -> vec2u {
  if (fp64_u64_is_zero(magnitude)) {
    return vec2u(0u);
  }

  let mostSignificantBit = 63u - fp64_u64_count_leading_zeros(magnitude);
  let exponent = baseExponent + i32(mostSignificantBit);
  if (exponent > 1023) {
    return vec2u((sign << 31u) | 0x7f800000u, 0u);
  }

  var roundedMagnitude = magnitude;
  var roundedBaseExponent = baseExponent;
  if (exponent >= -1022) {
    if (mostSignificantBit > 52u) {
      let shift = mostSignificantBit - 52u;
      roundedMagnitude = fp64_round_shift_right(magnitude, shift);
      roundedBaseExponent = baseExponent + i32(shift);
    }
  } else {
    let shift = -1074 - baseExponent;
    if (shift > 0) {
      roundedMagnitude = fp64_round_shift_right(magnitude, u32(shift));
      roundedBaseExponent = -1074;
    }
  }

  if (fp64_u64_is_zero(roundedMagnitude)) {
    return vec2u(0u);
  }
  return fp64_split_raw_accumulator_bits(sign, roundedMagnitude, roundedBaseExponent);
}
#endif

#ifndef LUMA_FP64_PREDICATE_ONLY
fn fp64_add_raw_f32_bits(aBits: u32, bBits: u32) -> vec2u {
  let a = fp64_decode_raw_f32_bits(aBits);
  let b = fp64_decode_raw_f32_bits(bBits);

  if (a.isNan || b.isNan) {
    return vec2u(0x7fc00000u, 0u);
  }
  if (a.isInf || b.isInf) {
    if (a.isInf && b.isInf && a.sign != b.sign) {
      return vec2u(0x7fc00000u, 0u);
    }
    return select(vec2u(bBits, 0u), vec2u(aBits, 0u), a.isInf);
  }
  if (a.isZero && b.isZero) {
    return vec2u(0u);
  }
  if (a.isZero) {
    return vec2u(bBits, 0u);
  }
  if (b.isZero) {
    return vec2u(aBits, 0u);
  }

  let exponentDifference = abs(a.baseExponent - b.baseExponent);
  if (exponentDifference > 25) {
    if (fp64_raw_f32_magnitude_compare(aBits, bBits) >= 0) {
      return vec2u(aBits, bBits);
    }
    return vec2u(bBits, aBits);
  }

  let commonBaseExponent = min(a.baseExponent, b.baseExponent);
  let aMagnitude = fp64_u64_shift_left(
    vec2u(0u, a.significand),
    u32(a.baseExponent - commonBaseExponent)
  );
  let bMagnitude = fp64_u64_shift_left(
    vec2u(0u, b.significand),
    u32(b.baseExponent - commonBaseExponent)
  );

  var resultSign = a.sign;
  var resultMagnitude: vec2u;
  if (a.sign == b.sign) {
    resultMagnitude = fp64_u64_add(aMagnitude, bMagnitude);
  } else {
    let comparison = fp64_u64_compare(aMagnitude, bMagnitude);
    if (comparison == 0) {
      return vec2u(0u);
    }
    if (comparison > 0) {
      resultMagnitude = fp64_u64_sub(aMagnitude, bMagnitude);
    } else {
      resultSign = b.sign;
      resultMagnitude = fp64_u64_sub(bMagnitude, aMagnitude);
    }
  }

  return fp64_split_raw_accumulator_bits(
    resultSign,
    resultMagnitude,
    commonBaseExponent
  );
}
#endif

#ifndef LUMA_FP64_F32_INPUT_ONLY
fn fp64_add_aligned_magnitudes_to_fp64_bits(
  sign: u32,
  larger: Fp64Bits,
  smaller: Fp64Bits
) -> vec2u {
  let largeSignificand = fp64_u64_shift_left(larger.significand, 3u);
  let smallSignificand = fp64_u64_shift_right_sticky(
    fp64_u64_shift_left(smaller.significand, 3u),
    u32(larger.exponent - smaller.exponent)
  );
  let resultSignificand = fp64_u64_add(largeSignificand, smallSignificand);
  return fp64_split_binary64_accumulator_bits(
    sign,
    resultSignificand,
    larger.exponent - 55
  );
}

fn fp64_sub_aligned_magnitudes_to_fp64_bits(
  sign: u32,
  larger: Fp64Bits,
  smaller: Fp64Bits
) -> vec2u {
  let largeSignificand = fp64_u64_shift_left(larger.significand, 3u);
  let smallSignificand = fp64_u64_shift_right_sticky(
    fp64_u64_shift_left(smaller.significand, 3u),
    u32(larger.exponent - smaller.exponent)
  );
  let resultSignificand = fp64_u64_sub(largeSignificand, smallSignificand);
  return fp64_split_binary64_accumulator_bits(
    sign,
    resultSignificand,
    larger.exponent - 55
  );
}

fn fp64_add_aligned_magnitudes_to_f32_bits(sign: u32, larger: Fp64Bits, smaller: Fp64Bits) -> u32 {
  let largeSignificand = fp64_u64_shift_left(larger.significand, 3u);
  let smallSignificand = fp64_u64_shift_right_sticky(
    fp64_u64_shift_left(smaller.significand, 3u),
    u32(larger.exponent - smaller.exponent)
  );
  let resultSignificand = fp64_u64_add(largeSignificand, smallSignificand);
  return fp64_make_f32_bits_from_u64(sign, resultSignificand, larger.exponent - 55);
}

fn fp64_sub_aligned_magnitudes_to_f32_bits(sign: u32, larger: Fp64Bits, smaller: Fp64Bits) -> u32 {
  let largeSignificand = fp64_u64_shift_left(larger.significand, 3u);
  let smallSignificand = fp64_u64_shift_right_sticky(
    fp64_u64_shift_left(smaller.significand, 3u),
    u32(larger.exponent - smaller.exponent)
  );
  let resultSignificand = fp64_u64_sub(largeSignificand, smallSignificand);
  return fp64_make_f32_bits_from_u64(sign, resultSignificand, larger.exponent - 55);
}

// Subtract two raw binary64 values and round the exact result once to f32.
// The input words are canonical high/low words: .x contains sign/exponent/high
// fraction bits, and .y contains the low 32 fraction bits.
fn sub_fp64u32_to_f32_bits(aBits: vec2u, bBits: vec2u) -> u32 {
  let a = fp64_decode_bits(aBits);
  let b = fp64_decode_bits(bBits);
  let bSubtractionSign = b.sign ^ 1u;

  if (a.isNan || b.isNan) {
    return 0x7fc00000u;
  }
  if (a.isInf && b.isInf) {
    if (a.sign == bSubtractionSign) {
      return (a.sign << 31u) | 0x7f800000u;
    }
    return 0x7fc00000u;
  }
  if (a.isInf) {
    return (a.sign << 31u) | 0x7f800000u;
  }
  if (b.isInf) {
    return (bSubtractionSign << 31u) | 0x7f800000u;
  }
  if (a.isZero && b.isZero) {
    return select(0u, 0x80000000u, a.sign == 1u && b.sign == 0u);
  }

  let magnitudeComparison = fp64_finite_magnitude_compare(a, b);
  if (a.sign == bSubtractionSign) {
    if (magnitudeComparison >= 0) {
      return fp64_add_aligned_magnitudes_to_f32_bits(a.sign, a, b);
    }
    return fp64_add_aligned_magnitudes_to_f32_bits(a.sign, b, a);
  }

  if (magnitudeComparison == 0) {
    return 0u;
  }
  if (magnitudeComparison > 0) {
    return fp64_sub_aligned_magnitudes_to_f32_bits(a.sign, a, b);
  }
  return fp64_sub_aligned_magnitudes_to_f32_bits(bSubtractionSign, b, a);
}

fn sub_fp64u32_to_f32(aBits: vec2u, bBits: vec2u) -> f32 {
  return bitcast<f32>(sub_fp64u32_to_f32_bits(aBits, bBits));
}

// Subtract two raw binary64 values, round once to binary64, then split the
// result into normalized f32 limbs. Finite results must fit within the f32
// exponent range; larger magnitudes map to infinity and smaller magnitudes
// map to zero. The input words use canonical high/low word order.
fn sub_fp64u32_to_fp64_bits(aBits: vec2u, bBits: vec2u) -> vec2u {
  let a = fp64_decode_bits(aBits);
  let b = fp64_decode_bits(bBits);
  let bSubtractionSign = b.sign ^ 1u;

  if (a.isNan || b.isNan) {
    return vec2u(0x7fc00000u, 0u);
  }
  if (a.isInf && b.isInf) {
    if (a.sign == bSubtractionSign) {
      return vec2u((a.sign << 31u) | 0x7f800000u, 0u);
    }
    return vec2u(0x7fc00000u, 0u);
  }
  if (a.isInf) {
    return vec2u((a.sign << 31u) | 0x7f800000u, 0u);
  }
  if (b.isInf) {
    return vec2u((bSubtractionSign << 31u) | 0x7f800000u, 0u);
  }
  if (a.isZero && b.isZero) {
    return vec2u(0u);
  }

  let magnitudeComparison = fp64_finite_magnitude_compare(a, b);
  if (a.sign == bSubtractionSign) {
    if (magnitudeComparison >= 0) {
      return fp64_add_aligned_magnitudes_to_fp64_bits(a.sign, a, b);
    }
    return fp64_add_aligned_magnitudes_to_fp64_bits(a.sign, b, a);
  }

  if (magnitudeComparison == 0) {
    return vec2u(0u);
  }
  if (magnitudeComparison > 0) {
    return fp64_sub_aligned_magnitudes_to_fp64_bits(a.sign, a, b);
  }
  return fp64_sub_aligned_magnitudes_to_fp64_bits(bSubtractionSign, b, a);
}

fn sub_fp64u32_to_fp64(aBits: vec2u, bBits: vec2u) -> vec2f {
  let resultBits = sub_fp64u32_to_fp64_bits(aBits, bBits);
  return vec2f(bitcast<f32>(resultBits.x), bitcast<f32>(resultBits.y));
}
#endif

#ifndef LUMA_FP64_PREDICATE_ONLY
fn fp64_runtime_zero() -> f32 {
  return fp64arithmetic.ONE * 0.0;
}

fn prevent_fp64_optimization(value: f32) -> f32 {
#ifdef LUMA_FP64_CODE_ELIMINATION_WORKAROUND
  return value + fp64_runtime_zero();
#else
  return value;
#endif
}
#endif

#ifdef LUMA_FP64_INTEGER_ARITHMETIC
${zP}
#else
fn split(a: f32) -> vec2f {
  let splitValue = prevent_fp64_optimization(fp64arithmetic.SPLIT + fp64_runtime_zero());
  let t = prevent_fp64_optimization(a * splitValue);
  let temp = prevent_fp64_optimization(t - a);
  let aHi = prevent_fp64_optimization(t - temp);
  let aLo = prevent_fp64_optimization(a - aHi);
  return vec2f(aHi, aLo);
}

fn split2(a: vec2f) -> vec2f {
  var b = split(a.x);
  b.y = b.y + a.y;
  return b;
}

fn quickTwoSum(a: f32, b: f32) -> vec2f {
#ifdef LUMA_FP64_CODE_ELIMINATION_WORKAROUND
  let sum = prevent_fp64_optimization((a + b) * fp64arithmetic.ONE);
  let err = prevent_fp64_optimization(b - (sum - a) * fp64arithmetic.ONE);
#else
  let sum = prevent_fp64_optimization(a + b);
  let err = prevent_fp64_optimization(b - (sum - a));
#endif
  return vec2f(sum, err);
}

fn twoSum(a: f32, b: f32) -> vec2f {
  let s = prevent_fp64_optimization(a + b);
#ifdef LUMA_FP64_CODE_ELIMINATION_WORKAROUND
  let v = prevent_fp64_optimization((s * fp64arithmetic.ONE - a) * fp64arithmetic.ONE);
  let err =
    prevent_fp64_optimization((a - (s - v) * fp64arithmetic.ONE) *
      fp64arithmetic.ONE *
      fp64arithmetic.ONE *
      fp64arithmetic.ONE) +
    prevent_fp64_optimization(b - v);
#else
  let v = prevent_fp64_optimization(s - a);
  let err = prevent_fp64_optimization(a - (s - v)) + prevent_fp64_optimization(b - v);
#endif
  return vec2f(s, err);
}

fn twoSub(a: f32, b: f32) -> vec2f {
  let s = prevent_fp64_optimization(a - b);
#ifdef LUMA_FP64_CODE_ELIMINATION_WORKAROUND
  let v = prevent_fp64_optimization((s * fp64arithmetic.ONE - a) * fp64arithmetic.ONE);
  let err =
    prevent_fp64_optimization((a - (s - v) * fp64arithmetic.ONE) *
      fp64arithmetic.ONE *
      fp64arithmetic.ONE *
      fp64arithmetic.ONE) -
    prevent_fp64_optimization(b + v);
#else
  let v = prevent_fp64_optimization(s - a);
  let err = prevent_fp64_optimization(a - (s - v)) - prevent_fp64_optimization(b + v);
#endif
  return vec2f(s, err);
}

fn twoSqr(a: f32) -> vec2f {
  let prod = prevent_fp64_optimization(a * a);
  let aFp64 = split(a);
  let highProduct = prevent_fp64_optimization(aFp64.x * aFp64.x);
  let crossProduct = prevent_fp64_optimization(2.0 * aFp64.x * aFp64.y);
  let lowProduct = prevent_fp64_optimization(aFp64.y * aFp64.y);
#ifdef LUMA_FP64_CODE_ELIMINATION_WORKAROUND
  let err =
    (prevent_fp64_optimization(highProduct - prod) * fp64arithmetic.ONE +
      crossProduct * fp64arithmetic.ONE * fp64arithmetic.ONE) +
    lowProduct * fp64arithmetic.ONE * fp64arithmetic.ONE * fp64arithmetic.ONE;
#else
  let err = ((prevent_fp64_optimization(highProduct - prod) + crossProduct) + lowProduct);
#endif
  return vec2f(prod, err);
}

fn twoProd(a: f32, b: f32) -> vec2f {
  let prod = prevent_fp64_optimization(a * b);
  let aFp64 = split(a);
  let bFp64 = split(b);
  let highProduct = prevent_fp64_optimization(aFp64.x * bFp64.x);
  let crossProduct1 = prevent_fp64_optimization(aFp64.x * bFp64.y);
  let crossProduct2 = prevent_fp64_optimization(aFp64.y * bFp64.x);
  let lowProduct = prevent_fp64_optimization(aFp64.y * bFp64.y);
#ifdef LUMA_FP64_CODE_ELIMINATION_WORKAROUND
  let err1 = (highProduct - prod) * fp64arithmetic.ONE;
  let err2 = crossProduct1 * fp64arithmetic.ONE * fp64arithmetic.ONE;
  let err3 = crossProduct2 * fp64arithmetic.ONE * fp64arithmetic.ONE * fp64arithmetic.ONE;
  let err4 =
    lowProduct *
    fp64arithmetic.ONE *
    fp64arithmetic.ONE *
    fp64arithmetic.ONE *
    fp64arithmetic.ONE;
#else
  let err1 = highProduct - prod;
  let err2 = crossProduct1;
  let err3 = crossProduct2;
  let err4 = lowProduct;
#endif
  let err12InputA = prevent_fp64_optimization(err1);
  let err12InputB = prevent_fp64_optimization(err2);
  let err12 = prevent_fp64_optimization(err12InputA + err12InputB);
  let err123InputA = prevent_fp64_optimization(err12);
  let err123InputB = prevent_fp64_optimization(err3);
  let err123 = prevent_fp64_optimization(err123InputA + err123InputB);
  let err1234InputA = prevent_fp64_optimization(err123);
  let err1234InputB = prevent_fp64_optimization(err4);
  let err = prevent_fp64_optimization(err1234InputA + err1234InputB);
  return vec2f(prod, err);
}

fn sum_fp64(a: vec2f, b: vec2f) -> vec2f {
  var s = twoSum(a.x, b.x);
  let t = twoSum(a.y, b.y);
  s.y = prevent_fp64_optimization(s.y + t.x);
  s = quickTwoSum(s.x, s.y);
  s.y = prevent_fp64_optimization(s.y + t.y);
  s = quickTwoSum(s.x, s.y);
  return s;
}

fn sub_fp64(a: vec2f, b: vec2f) -> vec2f {
  var s = twoSub(a.x, b.x);
  let t = twoSub(a.y, b.y);
  s.y = prevent_fp64_optimization(s.y + t.x);
  s = quickTwoSum(s.x, s.y);
  s.y = prevent_fp64_optimization(s.y + t.y);
  s = quickTwoSum(s.x, s.y);
  return s;
}

fn mul_fp64(a: vec2f, b: vec2f) -> vec2f {
  var prod = twoProd(a.x, b.x);
  let crossProduct1 = prevent_fp64_optimization(a.x * b.y);
  prod.y = prevent_fp64_optimization(prod.y + crossProduct1);
#ifdef LUMA_FP64_HIGH_BITS_OVERFLOW_WORKAROUND
  prod = split2(prod);
#endif
  prod = quickTwoSum(prod.x, prod.y);
  let crossProduct2 = prevent_fp64_optimization(a.y * b.x);
  prod.y = prevent_fp64_optimization(prod.y + crossProduct2);
#ifdef LUMA_FP64_HIGH_BITS_OVERFLOW_WORKAROUND
  prod = split2(prod);
#endif
  prod = quickTwoSum(prod.x, prod.y);
  return prod;
}

#ifndef LUMA_FP64_PREDICATE_ONLY
fn div_fp64(a: vec2f, b: vec2f) -> vec2f {
  let xn = prevent_fp64_optimization(1.0 / b.x);
  let yn = mul_fp64(a, vec2f(xn, fp64_runtime_zero()));
  let diff = prevent_fp64_optimization(sub_fp64(a, mul_fp64(b, yn)).x);
  let prod = twoProd(xn, diff);
  return sum_fp64(yn, prod);
}

fn sqrt_fp64(a: vec2f) -> vec2f {
  if (a.x == 0.0 && a.y == 0.0) {
    return vec2f(0.0, 0.0);
  }
  if (a.x < 0.0) {
    let nanValue = fp64_nan(a.x);
    return vec2f(nanValue, nanValue);
  }

  let x = prevent_fp64_optimization(1.0 / sqrt(a.x));
  let yn = prevent_fp64_optimization(a.x * x);
#ifdef LUMA_FP64_CODE_ELIMINATION_WORKAROUND
  let ynSqr = twoSqr(yn) * fp64arithmetic.ONE;
#else
  let ynSqr = twoSqr(yn);
#endif
  let diff = prevent_fp64_optimization(sub_fp64(a, ynSqr).x);
  let prod = twoProd(prevent_fp64_optimization(x * 0.5), diff);
#ifdef LUMA_FP64_HIGH_BITS_OVERFLOW_WORKAROUND
  return sum_fp64(split(yn), prod);
#else
  return sum_fp64(vec2f(yn, 0.0), prod);
#endif
}
#endif
#endif

#ifndef LUMA_FP64_PREDICATE_ONLY
fn fp64_f32_bits_is_nan(bits: u32) -> bool {
  return (bits & 0x7fffffffu) > 0x7f800000u;
}

fn fp64_f32_bits_is_inf(bits: u32) -> bool {
  return (bits & 0x7fffffffu) == 0x7f800000u;
}

fn fp64_compare_f32_bits(aBits: u32, bBits: u32) -> i32 {
  let aMagnitude = aBits & 0x7fffffffu;
  let bMagnitude = bBits & 0x7fffffffu;
  if (aMagnitude == 0u && bMagnitude == 0u) {
    return 0;
  }
  let aSign = aBits >> 31u;
  let bSign = bBits >> 31u;
  if (aSign != bSign) {
    return select(1, -1, aSign == 1u);
  }
  if (aMagnitude == bMagnitude) {
    return 0;
  }
  let magnitudeComparison = select(-1, 1, aMagnitude > bMagnitude);
  return select(magnitudeComparison, -magnitudeComparison, aSign == 1u);
}

// Normalize an arbitrary pair of finite f32 limbs with integer accumulation.
// This is independent of LUMA_FP64_INTEGER_ARITHMETIC and canonicalizes every
// representation of zero to vec2f(+0.0, +0.0).
fn normalize_fp64(value: vec2f) -> vec2f {
  let resultBits = fp64_add_raw_f32_bits(bitcast<u32>(value.x), bitcast<u32>(value.y));
  return vec2f(bitcast<f32>(resultBits.x), bitcast<f32>(resultBits.y));
}

fn is_nan_fp64(value: vec2f) -> bool {
  let normalized = normalize_fp64(value);
  return fp64_f32_bits_is_nan(bitcast<u32>(normalized.x)) ||
    fp64_f32_bits_is_nan(bitcast<u32>(normalized.y));
}

fn is_finite_fp64(value: vec2f) -> bool {
  let normalized = normalize_fp64(value);
  let highBits = bitcast<u32>(normalized.x);
  let lowBits = bitcast<u32>(normalized.y);
  return !fp64_f32_bits_is_nan(highBits) && !fp64_f32_bits_is_nan(lowBits) &&
    !fp64_f32_bits_is_inf(highBits) && !fp64_f32_bits_is_inf(lowBits);
}

// Returns -1, 0, or 1. NaN is unordered and returns 0; call is_nan_fp64 or
// is_finite_fp64 first when 0 must mean a finite zero.
fn sign_fp64(value: vec2f) -> i32 {
  let normalized = normalize_fp64(value);
  let highBits = bitcast<u32>(normalized.x);
  let lowBits = bitcast<u32>(normalized.y);
  if (fp64_f32_bits_is_nan(highBits) || fp64_f32_bits_is_nan(lowBits)) {
    return 0;
  }
  if ((highBits & 0x7fffffffu) != 0u) {
    return select(1, -1, (highBits >> 31u) == 1u);
  }
  if ((lowBits & 0x7fffffffu) != 0u) {
    return select(1, -1, (lowBits >> 31u) == 1u);
  }
  return 0;
}

// Compares double-single values and returns -1, 0, or 1. NaN is unordered
// and returns 0; callers that require equality semantics must first check
// is_nan_fp64 or is_finite_fp64.
fn compare_fp64(a: vec2f, b: vec2f) -> i32 {
  let normalizedA = normalize_fp64(a);
  let normalizedB = normalize_fp64(b);
  let aHighBits = bitcast<u32>(normalizedA.x);
  let aLowBits = bitcast<u32>(normalizedA.y);
  let bHighBits = bitcast<u32>(normalizedB.x);
  let bLowBits = bitcast<u32>(normalizedB.y);
  if (fp64_f32_bits_is_nan(aHighBits) || fp64_f32_bits_is_nan(aLowBits) ||
      fp64_f32_bits_is_nan(bHighBits) || fp64_f32_bits_is_nan(bLowBits)) {
    return 0;
  }
  let highComparison = fp64_compare_f32_bits(aHighBits, bHighBits);
  if (highComparison != 0) {
    return highComparison;
  }
  return fp64_compare_f32_bits(aLowBits, bLowBits);
}
#endif
`});var dF,D_,WP=S(()=>{DP();UP();VP();dF={ONE:1,SPLIT:4097},D_={name:"fp64arithmetic",source:$P,fs:k_,vs:k_,defaultUniforms:dF,uniformTypes:{ONE:"f32",SPLIT:"f32"},fp64ify:I_,fp64LowPart:BP,fp64ifyMatrix4:kP}});function HP(r){return`layout(std140) uniform ${r}Uniforms {
  float useByteColors;
} ${r};

vec3 ${r}_normalize(vec3 inputColor) {
  return ${r}.useByteColors > 0.5 ? inputColor / 255.0 : inputColor;
}

vec4 ${r}_normalize(vec4 inputColor) {
  return ${r}.useByteColors > 0.5 ? inputColor / 255.0 : inputColor;
}

vec4 ${r}_premultiplyAlpha(vec4 inputColor) {
  return vec4(inputColor.rgb * inputColor.a, inputColor.a);
}

vec4 ${r}_unpremultiplyAlpha(vec4 inputColor) {
  return inputColor.a > 0.0 ? vec4(inputColor.rgb / inputColor.a, inputColor.a) : vec4(0.0);
}

vec4 ${r}_premultiply_alpha(vec4 inputColor) {
  return ${r}_premultiplyAlpha(inputColor);
}

vec4 ${r}_unpremultiply_alpha(vec4 inputColor) {
  return ${r}_unpremultiplyAlpha(inputColor);
}
`}function YP(r){return`struct ${r}Uniforms {
  useByteColors: f32
};

@group(0) @binding(auto) var<uniform> ${r} : ${r}Uniforms;

fn ${r}_normalize(inputColor: vec3<f32>) -> vec3<f32> {
  return select(inputColor, inputColor / 255.0, ${r}.useByteColors > 0.5);
}

fn ${r}_normalize4(inputColor: vec4<f32>) -> vec4<f32> {
  return select(inputColor, inputColor / 255.0, ${r}.useByteColors > 0.5);
}

fn ${r}_premultiplyAlpha(inputColor: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(inputColor.rgb * inputColor.a, inputColor.a);
}

fn ${r}_unpremultiplyAlpha(inputColor: vec4<f32>) -> vec4<f32> {
  return select(
    vec4<f32>(0.0),
    vec4<f32>(inputColor.rgb / inputColor.a, inputColor.a),
    inputColor.a > 0.0
  );
}

fn ${r}_premultiply_alpha(inputColor: vec4<f32>) -> vec4<f32> {
  return ${r}_premultiplyAlpha(inputColor);
}

fn ${r}_unpremultiply_alpha(inputColor: vec4<f32>) -> vec4<f32> {
  return ${r}_unpremultiplyAlpha(inputColor);
}
`}var Bi,hF,pF,NQ,FQ,mF,gF,UQ,zQ,jP,GQ,yF,$Q,qP,ZP=S(()=>{Bi={RGBA8UNORM:0,RGBA16FLOAT:1,RGBA32FLOAT:2},hF={rgba8unorm:4,rgba16float:8,rgba32float:16},pF={...hF},NQ={rgba8unorm:Bi.RGBA8UNORM,rgba16float:Bi.RGBA16FLOAT,rgba32float:Bi.RGBA32FLOAT},FQ={[Bi.RGBA8UNORM]:"rgba8unorm",[Bi.RGBA16FLOAT]:"rgba16float",[Bi.RGBA32FLOAT]:"rgba32float"},mF={useByteColors:"f32"},gF={useByteColors:!0},UQ={format:Bi.RGBA8UNORM,wordStride:pF.rgba8unorm/Uint32Array.BYTES_PER_ELEMENT,wordOffset:0,_padding:0},zQ=HP("colors"),jP=HP("floatColors"),GQ=YP("colors"),yF=YP("floatColors"),$Q=`struct storageColorsUniforms {
  format: u32,
  wordStride: u32,
  wordOffset: u32,
  _padding: u32
};

@group(0) @binding(auto) var<uniform> storageColors : storageColorsUniforms;
@group(0) @binding(auto) var<storage, read> storageColorsBuffer : array<u32>;

const STORAGE_COLOR_FORMAT_RGBA8UNORM : u32 = ${Bi.RGBA8UNORM}u;
const STORAGE_COLOR_FORMAT_RGBA16FLOAT : u32 = ${Bi.RGBA16FLOAT}u;

fn storageColors_getWordIndex(rowIndex: u32) -> u32 {
  return storageColors.wordOffset + rowIndex * storageColors.wordStride;
}

fn storageColors_readRgba8UnormColor(wordIndex: u32) -> vec4<f32> {
  return unpack4x8unorm(storageColorsBuffer[wordIndex]);
}

fn storageColors_readRgba16FloatColor(wordIndex: u32) -> vec4<f32> {
  let redGreen = unpack2x16float(storageColorsBuffer[wordIndex]);
  let blueAlpha = unpack2x16float(storageColorsBuffer[wordIndex + 1u]);
  return vec4<f32>(redGreen.x, redGreen.y, blueAlpha.x, blueAlpha.y);
}

fn storageColors_readRgba32FloatColor(wordIndex: u32) -> vec4<f32> {
  return vec4<f32>(
    bitcast<f32>(storageColorsBuffer[wordIndex]),
    bitcast<f32>(storageColorsBuffer[wordIndex + 1u]),
    bitcast<f32>(storageColorsBuffer[wordIndex + 2u]),
    bitcast<f32>(storageColorsBuffer[wordIndex + 3u])
  );
}

fn storageColors_readColor(rowIndex: u32) -> vec4<f32> {
  let wordIndex = storageColors_getWordIndex(rowIndex);
  if (storageColors.format == STORAGE_COLOR_FORMAT_RGBA8UNORM) {
    return storageColors_readRgba8UnormColor(wordIndex);
  }
  if (storageColors.format == STORAGE_COLOR_FORMAT_RGBA16FLOAT) {
    return storageColors_readRgba16FloatColor(wordIndex);
  }
  return storageColors_readRgba32FloatColor(wordIndex);
}
`;qP={name:"floatColors",props:{},uniforms:{},vs:jP,fs:jP,source:yF,uniformTypes:mF,defaultUniforms:gF}});function vF(r={},e){let t={},n=qd(r.useByteColors,!0);if(r.highlightedObjectColor!==void 0)if(r.highlightedObjectColor===null)t.isHighlightActive=!1;else{t.isHighlightActive=!0;let i=r.highlightedObjectColor.slice(0,3);t.highlightedObjectColor=i}return r.highlightColor&&(t.highlightColor=NP(r.highlightColor,n)),r.isActive!==void 0&&(t.isActive=!!r.isActive,t.isAttribute=!!r.isAttribute),r.useByteColors!==void 0&&(t.useByteColors=!!r.useByteColors),t}var _F,bF,xF,uo,XP=S(()=>{B_();_F=[0,1,1,1],bF=`layout(std140) uniform pickingUniforms {
  float isActive;
  float isAttribute;
  float isHighlightActive;
  float useByteColors;
  vec3 highlightedObjectColor;
  vec4 highlightColor;
} picking;

out vec4 picking_vRGBcolor_Avalid;

// Normalize unsigned byte color to 0-1 range
vec3 picking_normalizeColor(vec3 color) {
  return picking.useByteColors > 0.5 ? color / 255.0 : color;
}

// Normalize unsigned byte color to 0-1 range
vec4 picking_normalizeColor(vec4 color) {
  return picking.useByteColors > 0.5 ? color / 255.0 : color;
}

bool picking_isColorZero(vec3 color) {
  return dot(color, vec3(1.0)) < 0.00001;
}

bool picking_isColorValid(vec3 color) {
  return dot(color, vec3(1.0)) > 0.00001;
}

// Check if this vertex is highlighted 
bool isVertexHighlighted(vec3 vertexColor) {
  vec3 highlightedObjectColor = picking_normalizeColor(picking.highlightedObjectColor);
  return
    bool(picking.isHighlightActive) && picking_isColorZero(abs(vertexColor - highlightedObjectColor));
}

// Set the current picking color
void picking_setPickingColor(vec3 pickingColor) {
  pickingColor = picking_normalizeColor(pickingColor);

  if (bool(picking.isActive)) {
    // Use alpha as the validity flag. If pickingColor is [0, 0, 0] fragment is non-pickable
    picking_vRGBcolor_Avalid.a = float(picking_isColorValid(pickingColor));

    if (!bool(picking.isAttribute)) {
      // Stores the picking color so that the fragment shader can render it during picking
      picking_vRGBcolor_Avalid.rgb = pickingColor;
    }
  } else {
    // Do the comparison with selected item color in vertex shader as it should mean fewer compares
    picking_vRGBcolor_Avalid.a = float(isVertexHighlighted(pickingColor));
  }
}

void picking_setPickingAttribute(float value) {
  if (bool(picking.isAttribute)) {
    picking_vRGBcolor_Avalid.r = value;
  }
}

void picking_setPickingAttribute(vec2 value) {
  if (bool(picking.isAttribute)) {
    picking_vRGBcolor_Avalid.rg = value;
  }
}

void picking_setPickingAttribute(vec3 value) {
  if (bool(picking.isAttribute)) {
    picking_vRGBcolor_Avalid.rgb = value;
  }
}
`,xF=`layout(std140) uniform pickingUniforms {
  float isActive;
  float isAttribute;
  float isHighlightActive;
  float useByteColors;
  vec3 highlightedObjectColor;
  vec4 highlightColor;
} picking;

in vec4 picking_vRGBcolor_Avalid;

/*
 * Returns highlight color if this item is selected.
 */
vec4 picking_filterHighlightColor(vec4 color) {
  // If we are still picking, we don't highlight
  if (picking.isActive > 0.5) {
    return color;
  }

  bool selected = bool(picking_vRGBcolor_Avalid.a);

  if (selected) {
    // Blend in highlight color based on its alpha value
    float highLightAlpha = picking.highlightColor.a;
    float blendedAlpha = highLightAlpha + color.a * (1.0 - highLightAlpha);
    float highLightRatio = highLightAlpha / blendedAlpha;

    vec3 blendedRGB = mix(color.rgb, picking.highlightColor.rgb, highLightRatio);
    return vec4(blendedRGB, blendedAlpha);
  } else {
    return color;
  }
}

/*
 * Returns picking color if picking enabled else unmodified argument.
 */
vec4 picking_filterPickingColor(vec4 color) {
  if (bool(picking.isActive)) {
    if (picking_vRGBcolor_Avalid.a == 0.0) {
      discard;
    }
    return picking_vRGBcolor_Avalid;
  }
  return color;
}

/*
 * Returns picking color if picking is enabled if not
 * highlight color if this item is selected, otherwise unmodified argument.
 */
vec4 picking_filterColor(vec4 color) {
  vec4 highlightColor = picking_filterHighlightColor(color);
  return picking_filterPickingColor(highlightColor);
}
`,uo={props:{},uniforms:{},name:"picking",uniformTypes:{isActive:"f32",isAttribute:"f32",isHighlightActive:"f32",useByteColors:"f32",highlightedObjectColor:"vec3<f32>",highlightColor:"vec4<f32>"},defaultUniforms:{isActive:!1,isAttribute:!1,isHighlightActive:!1,useByteColors:!0,highlightedObjectColor:[0,0,0],highlightColor:_F},vs:bF,fs:xF,getUniforms:vF}});var N_,KP=S(()=>{N_=`precision highp int;

// #if (defined(SHADER_TYPE_FRAGMENT) && defined(LIGHTING_FRAGMENT)) || (defined(SHADER_TYPE_VERTEX) && defined(LIGHTING_VERTEX))
struct AmbientLight {
  vec3 color;
};

struct PointLight {
  vec3 color;
  vec3 position;
  vec3 attenuation; // 2nd order x:Constant-y:Linear-z:Exponential
};

struct SpotLight {
  vec3 color;
  vec3 position;
  vec3 direction;
  vec3 attenuation;
  vec2 coneCos;
};

struct DirectionalLight {
  vec3 color;
  vec3 direction;
};

struct UniformLight {
  vec3 color;
  vec3 position;
  vec3 direction;
  vec3 attenuation;
  vec2 coneCos;
};

layout(std140) uniform lightingUniforms {
  int enabled;
  int directionalLightCount;
  int pointLightCount;
  int spotLightCount;
  vec3 ambientColor;
  UniformLight lights[5];
} lighting;

PointLight lighting_getPointLight(int index) {
  UniformLight light = lighting.lights[index];
  return PointLight(light.color, light.position, light.attenuation);
}

SpotLight lighting_getSpotLight(int index) {
  UniformLight light = lighting.lights[lighting.pointLightCount + index];
  return SpotLight(light.color, light.position, light.direction, light.attenuation, light.coneCos);
}

DirectionalLight lighting_getDirectionalLight(int index) {
  UniformLight light =
    lighting.lights[lighting.pointLightCount + lighting.spotLightCount + index];
  return DirectionalLight(light.color, light.direction);
}

float getPointLightAttenuation(PointLight pointLight, float distance) {
  return pointLight.attenuation.x
       + pointLight.attenuation.y * distance
       + pointLight.attenuation.z * distance * distance;
}

float getSpotLightAttenuation(SpotLight spotLight, vec3 positionWorldspace) {
  vec3 light_direction = normalize(positionWorldspace - spotLight.position);
  float coneFactor = smoothstep(
    spotLight.coneCos.y,
    spotLight.coneCos.x,
    dot(normalize(spotLight.direction), light_direction)
  );
  float distanceAttenuation = getPointLightAttenuation(
    PointLight(spotLight.color, spotLight.position, spotLight.attenuation),
    distance(spotLight.position, positionWorldspace)
  );
  return distanceAttenuation / max(coneFactor, 0.0001);
}

// #endif
`});var QP,JP=S(()=>{QP=`// #if (defined(SHADER_TYPE_FRAGMENT) && defined(LIGHTING_FRAGMENT)) || (defined(SHADER_TYPE_VERTEX) && defined(LIGHTING_VERTEX))
const MAX_LIGHTS: i32 = 5;

struct AmbientLight {
  color: vec3<f32>,
};

struct PointLight {
  color: vec3<f32>,
  position: vec3<f32>,
  attenuation: vec3<f32>, // 2nd order x:Constant-y:Linear-z:Exponential
};

struct SpotLight {
  color: vec3<f32>,
  position: vec3<f32>,
  direction: vec3<f32>,
  attenuation: vec3<f32>,
  coneCos: vec2<f32>,
};

struct DirectionalLight {
  color: vec3<f32>,
  direction: vec3<f32>,
};

struct UniformLight {
  color: vec3<f32>,
  position: vec3<f32>,
  direction: vec3<f32>,
  attenuation: vec3<f32>,
  coneCos: vec2<f32>,
};

struct lightingUniforms {
  enabled: i32,
  directionalLightCount: i32,
  pointLightCount: i32,
  spotLightCount: i32,
  ambientColor: vec3<f32>,
  lights: array<UniformLight, 5>,
};

@group(2) @binding(auto) var<uniform> lighting : lightingUniforms;

fn lighting_getPointLight(index: i32) -> PointLight {
  let light = lighting.lights[index];
  return PointLight(light.color, light.position, light.attenuation);
}

fn lighting_getSpotLight(index: i32) -> SpotLight {
  let light = lighting.lights[lighting.pointLightCount + index];
  return SpotLight(light.color, light.position, light.direction, light.attenuation, light.coneCos);
}

fn lighting_getDirectionalLight(index: i32) -> DirectionalLight {
  let light = lighting.lights[lighting.pointLightCount + lighting.spotLightCount + index];
  return DirectionalLight(light.color, light.direction);
}

fn getPointLightAttenuation(pointLight: PointLight, distance: f32) -> f32 {
  return pointLight.attenuation.x
       + pointLight.attenuation.y * distance
       + pointLight.attenuation.z * distance * distance;
}

fn getSpotLightAttenuation(spotLight: SpotLight, positionWorldspace: vec3<f32>) -> f32 {
  let lightDirection = normalize(positionWorldspace - spotLight.position);
  let coneFactor = smoothstep(
    spotLight.coneCos.y,
    spotLight.coneCos.x,
    dot(normalize(spotLight.direction), lightDirection)
  );
  let distanceAttenuation = getPointLightAttenuation(
    PointLight(spotLight.color, spotLight.position, spotLight.attenuation),
    distance(spotLight.position, positionWorldspace)
  );
  return distanceAttenuation / max(coneFactor, 0.0001);
}
`});function EF(r,e={}){if(r=r&&{...r},!r)return Xd();r.lights&&(r={...r,...SF(r.lights),lights:void 0});let{useByteColors:t,ambientLight:n,pointLights:i,spotLights:o,directionalLights:s}=r||{};if(!(n||i&&i.length>0||o&&o.length>0||s&&s.length>0))return{...Xd(),enabled:0};let c={...Xd(),...PF({useByteColors:t,ambientLight:n,pointLights:i,spotLights:o,directionalLights:s})};return r.enabled!==void 0&&(c.enabled=r.enabled?1:0),c}function PF({useByteColors:r,ambientLight:e,pointLights:t=[],spotLights:n=[],directionalLights:i=[]}){let o=tS(),s=0,a=0,c=0,l=0;for(let f of t){if(s>=ds)break;o[s]={...o[s],color:Zd(f,r),position:f.position,attenuation:f.attenuation||[1,0,0]},s++,a++}for(let f of n){if(s>=ds)break;o[s]={...o[s],color:Zd(f,r),position:f.position,direction:f.direction,attenuation:f.attenuation||[1,0,0],coneCos:LF(f)},s++,c++}for(let f of i){if(s>=ds)break;o[s]={...o[s],color:Zd(f,r),direction:f.direction},s++,l++}return t.length+n.length+i.length>ds&&k.warn(`MAX_LIGHTS exceeded, truncating to ${ds}`)(),{ambientColor:Zd(e,r),directionalLightCount:l,pointLightCount:a,spotLightCount:c,lights:o}}function SF(r){let e={pointLights:[],spotLights:[],directionalLights:[]};for(let t of r||[])switch(t.type){case"ambient":e.ambientLight=t;break;case"directional":e.directionalLights?.push(t);break;case"point":e.pointLights?.push(t);break;case"spot":e.spotLights?.push(t);break;default:}return e}function Zd(r={},e){let{color:t=[0,0,0],intensity:n=1}=r;return O_(t,qd(e,!0)).map(o=>o*n)}function Xd(){return{enabled:1,directionalLightCount:0,pointLightCount:0,spotLightCount:0,ambientColor:[.1,.1,.1],lights:tS()}}function tS(){return Array.from({length:ds},()=>TF())}function TF(){return{color:[1,1,1],position:[1,1,2],direction:[1,1,1],attenuation:[1,0,0],coneCos:[1,0]}}function LF(r){let e=r.innerConeAngle??0,t=r.outerConeAngle??Math.PI/4;return[Math.cos(e),Math.cos(t)]}var ds,wF,eS,rS=S(()=>{se();KP();JP();B_();ds=5,wF={color:"vec3<f32>",position:"vec3<f32>",direction:"vec3<f32>",attenuation:"vec3<f32>",coneCos:"vec2<f32>"},eS={props:{},uniforms:{},name:"lighting",defines:{},uniformTypes:{enabled:"i32",directionalLightCount:"i32",pointLightCount:"i32",spotLightCount:"i32",ambientColor:"vec3<f32>",lights:[wF,ds]},defaultUniforms:Xd(),bindingLayout:[{name:"lighting",group:2}],firstBindingSlot:0,source:QP,vs:N_,fs:N_,getUniforms:EF}});var nS,iS,oS=S(()=>{nS=`layout(std140) uniform phongMaterialUniforms {
  uniform bool unlit;
  uniform float ambient;
  uniform float diffuse;
  uniform float shininess;
  uniform vec3  specularColor;
} material;
`,iS=`layout(std140) uniform phongMaterialUniforms {
  uniform bool unlit;
  uniform float ambient;
  uniform float diffuse;
  uniform float shininess;
  uniform vec3  specularColor;
} material;

vec3 lighting_getLightColor(vec3 surfaceColor, vec3 light_direction, vec3 view_direction, vec3 normal_worldspace, vec3 color) {
  vec3 halfway_direction = normalize(light_direction + view_direction);
  float lambertian = dot(light_direction, normal_worldspace);
  float specular = 0.0;
  if (lambertian > 0.0) {
    float specular_angle = max(dot(normal_worldspace, halfway_direction), 0.0);
    specular = pow(specular_angle, material.shininess);
  }
  lambertian = max(lambertian, 0.0);
  return (lambertian * material.diffuse * surfaceColor + specular * floatColors_normalize(material.specularColor)) * color;
}

vec3 lighting_getLightColor(vec3 surfaceColor, vec3 cameraPosition, vec3 position_worldspace, vec3 normal_worldspace) {
  vec3 lightColor = surfaceColor;

  if (material.unlit) {
    return surfaceColor;
  }

  if (lighting.enabled == 0) {
    return lightColor;
  }

  vec3 view_direction = normalize(cameraPosition - position_worldspace);
  lightColor = material.ambient * surfaceColor * lighting.ambientColor;

  for (int i = 0; i < lighting.pointLightCount; i++) {
    PointLight pointLight = lighting_getPointLight(i);
    vec3 light_position_worldspace = pointLight.position;
    vec3 light_direction = normalize(light_position_worldspace - position_worldspace);
    float light_attenuation = getPointLightAttenuation(pointLight, distance(light_position_worldspace, position_worldspace));
    lightColor += lighting_getLightColor(surfaceColor, light_direction, view_direction, normal_worldspace, pointLight.color / light_attenuation);
  }

  for (int i = 0; i < lighting.spotLightCount; i++) {
    SpotLight spotLight = lighting_getSpotLight(i);
    vec3 light_position_worldspace = spotLight.position;
    vec3 light_direction = normalize(light_position_worldspace - position_worldspace);
    float light_attenuation = getSpotLightAttenuation(spotLight, position_worldspace);
    lightColor += lighting_getLightColor(surfaceColor, light_direction, view_direction, normal_worldspace, spotLight.color / light_attenuation);
  }

  for (int i = 0; i < lighting.directionalLightCount; i++) {
    DirectionalLight directionalLight = lighting_getDirectionalLight(i);
    lightColor += lighting_getLightColor(surfaceColor, -directionalLight.direction, view_direction, normal_worldspace, directionalLight.color);
  }
  
  return lightColor;
}
`});var sS,aS=S(()=>{sS=`struct phongMaterialUniforms {
  unlit: u32,
  ambient: f32,
  diffuse: f32,
  shininess: f32,
  specularColor: vec3<f32>,
};

@group(3) @binding(auto) var<uniform> phongMaterial : phongMaterialUniforms;

fn lighting_getLightColor(surfaceColor: vec3<f32>, light_direction: vec3<f32>, view_direction: vec3<f32>, normal_worldspace: vec3<f32>, color: vec3<f32>) -> vec3<f32> {
  let halfway_direction: vec3<f32> = normalize(light_direction + view_direction);
  var lambertian: f32 = dot(light_direction, normal_worldspace);
  var specular: f32 = 0.0;
  if (lambertian > 0.0) {
    let specular_angle = max(dot(normal_worldspace, halfway_direction), 0.0);
    specular = pow(specular_angle, phongMaterial.shininess);
  }
  lambertian = max(lambertian, 0.0);
  return (
    lambertian * phongMaterial.diffuse * surfaceColor +
    specular * floatColors_normalize(phongMaterial.specularColor)
  ) * color;
}

fn lighting_getLightColor2(surfaceColor: vec3<f32>, cameraPosition: vec3<f32>, position_worldspace: vec3<f32>, normal_worldspace: vec3<f32>) -> vec3<f32> {
  var lightColor: vec3<f32> = surfaceColor;

  if (phongMaterial.unlit != 0u) {
    return surfaceColor;
  }

  if (lighting.enabled == 0) {
    return lightColor;
  }

  let view_direction: vec3<f32> = normalize(cameraPosition - position_worldspace);
  lightColor = phongMaterial.ambient * surfaceColor * lighting.ambientColor;

  for (var i: i32 = 0; i < lighting.pointLightCount; i++) {
    let pointLight: PointLight = lighting_getPointLight(i);
    let light_position_worldspace: vec3<f32> = pointLight.position;
    let light_direction: vec3<f32> = normalize(light_position_worldspace - position_worldspace);
    let light_attenuation = getPointLightAttenuation(
      pointLight,
      distance(light_position_worldspace, position_worldspace)
    );
    lightColor += lighting_getLightColor(
      surfaceColor,
      light_direction,
      view_direction,
      normal_worldspace,
      pointLight.color / light_attenuation
    );
  }

  for (var i: i32 = 0; i < lighting.spotLightCount; i++) {
    let spotLight: SpotLight = lighting_getSpotLight(i);
    let light_position_worldspace: vec3<f32> = spotLight.position;
    let light_direction: vec3<f32> = normalize(light_position_worldspace - position_worldspace);
    let light_attenuation = getSpotLightAttenuation(spotLight, position_worldspace);
    lightColor += lighting_getLightColor(
      surfaceColor,
      light_direction,
      view_direction,
      normal_worldspace,
      spotLight.color / light_attenuation
    );
  }

  for (var i: i32 = 0; i < lighting.directionalLightCount; i++) {
    let directionalLight: DirectionalLight = lighting_getDirectionalLight(i);
    lightColor += lighting_getLightColor(surfaceColor, -directionalLight.direction, view_direction, normal_worldspace, directionalLight.color);
  }  
  
  return lightColor;
}

fn lighting_getSpecularLightColor(cameraPosition: vec3<f32>, position_worldspace: vec3<f32>, normal_worldspace: vec3<f32>) -> vec3<f32>{
  var lightColor = vec3<f32>(0, 0, 0);
  let surfaceColor = vec3<f32>(0, 0, 0);

  if (lighting.enabled != 0) {
    let view_direction = normalize(cameraPosition - position_worldspace);

    for (var i: i32 = 0; i < lighting.pointLightCount; i++) {
      let pointLight: PointLight = lighting_getPointLight(i);
      let light_position_worldspace: vec3<f32> = pointLight.position;
      let light_direction: vec3<f32> = normalize(light_position_worldspace - position_worldspace);
      let light_attenuation = getPointLightAttenuation(
        pointLight,
        distance(light_position_worldspace, position_worldspace)
      );
      lightColor += lighting_getLightColor(
        surfaceColor,
        light_direction,
        view_direction,
        normal_worldspace,
        pointLight.color / light_attenuation
      );
    }

    for (var i: i32 = 0; i < lighting.spotLightCount; i++) {
      let spotLight: SpotLight = lighting_getSpotLight(i);
      let light_position_worldspace: vec3<f32> = spotLight.position;
      let light_direction: vec3<f32> = normalize(light_position_worldspace - position_worldspace);
      let light_attenuation = getSpotLightAttenuation(spotLight, position_worldspace);
      lightColor += lighting_getLightColor(
        surfaceColor,
        light_direction,
        view_direction,
        normal_worldspace,
        spotLight.color / light_attenuation
      );
    }

    for (var i: i32 = 0; i < lighting.directionalLightCount; i++) {
        let directionalLight: DirectionalLight = lighting_getDirectionalLight(i);
        lightColor += lighting_getLightColor(surfaceColor, -directionalLight.direction, view_direction, normal_worldspace, directionalLight.color);
    }
  }
  return lightColor;
}
`});var AF,Ta,cS=S(()=>{ZP();rS();oS();aS();AF=[38.25,38.25,38.25],Ta={props:{},name:"gouraudMaterial",bindingLayout:[{name:"gouraudMaterial",group:3}],vs:iS.replace("phongMaterial","gouraudMaterial"),fs:nS.replace("phongMaterial","gouraudMaterial"),source:sS.replaceAll("phongMaterial","gouraudMaterial"),defines:{LIGHTING_VERTEX:!0},dependencies:[eS,qP],uniformTypes:{unlit:"i32",ambient:"f32",diffuse:"f32",shininess:"f32",specularColor:"vec3<f32>"},defaultUniforms:{unlit:!1,ambient:.35,diffuse:.6,shininess:32,specularColor:AF},getUniforms(r){return{...Ta.defaultUniforms,...r}}}});var Or=S(()=>{Xg();t2();ky();k2();N2();FP();WP();XP();cS()});function hi(r="id"){sb[r]=sb[r]||1;let e=sb[r]++;return`${r}-${e}`}var sb,$a=S(()=>{sb={}});function xs(r){switch(r){case"POSITION":return"positions";case"NORMAL":return"normals";case"TEXCOORD_0":return"texCoords";case"TEXCOORD_1":return"texCoords1";case"COLOR_0":return"colors";default:return r}}function Pz(r){let e=[];for(let[t,n]of Object.entries(r)){if(!n)continue;let{value:i,size:o,normalized:s}=n;if(o===void 0)throw new Error(`Attribute ${t} is missing a size`);e.push({name:xs(t),format:rt.getVertexFormatFromAttribute(i,o,s)})}return e}var yn,_h=S(()=>{se();$a();yn=class{id;topology;vertexCount;indices;attributes;bufferLayout;userData={};constructor(e){let{attributes:t={},indices:n=null,vertexCount:i=null}=e;this.id=e.id||hi("geometry"),this.topology=e.topology,n&&(this.indices=ArrayBuffer.isView(n)?{value:n,size:1}:n),this.attributes={};for(let[o,s]of Object.entries(t)){let a=ArrayBuffer.isView(s)?{value:s}:s;if(!ArrayBuffer.isView(a.value))throw new Error(`${this._print(o)}: must be typed array or object with value as typed array`);if((o==="POSITION"||o==="positions")&&!a.size&&(a.size=3),o==="indices"){if(this.indices)throw new Error("Multiple indices detected");this.indices=a}else{let c=xs(o),l=Object.keys(this.attributes).find(f=>xs(f)===c);l&&delete this.attributes[l],this.attributes[o]=a}}this.indices&&this.indices.isIndexed!==void 0&&(this.indices=Object.assign({},this.indices),delete this.indices.isIndexed),this.vertexCount=i||this._calculateVertexCount(this.attributes,this.indices),this.bufferLayout=e.bufferLayout||Pz(this.attributes)}getVertexCount(){return this.vertexCount}getAttributes(){return this.indices?{indices:this.indices,...this.attributes}:this.attributes}_print(e){return`Geometry ${this.id} attribute ${e}`}_setAttributes(e,t){return this}_calculateVertexCount(e,t){if(t)return t.value.length;let n=1/0;for(let i of Object.values(e)){if(!i)continue;let{value:o,size:s,constant:a}=i;!a&&o&&s!==void 0&&s>=1&&(n=Math.min(n,o.length/s))}return n}}});function n3(r,e={}){let t=e.bufferName||"geometry";if(Sz(r,t))return r;let n=e.minAttributeAlignment||4,i=Tz(r,e.attributes),o=[],s=0,a=1/0;for(let[f,u]of i){if(!u)continue;if(u.constant)throw new Error(`Attribute ${f} is constant`);let{value:d,size:h,normalized:p}=u;if(!ArrayBuffer.isView(d))throw new Error(`Attribute ${f} is missing typed array data`);if(h===void 0)throw new Error(`Attribute ${f} is missing a size`);let g=rt.getVertexFormatFromAttribute(d,h,p),y=rt.getVertexFormatInfo(g);s=r3(s,n),o.push({sourceName:f,attributeName:xs(f),value:d,size:h,format:g,byteOffset:s,byteLength:y.byteLength}),s+=y.byteLength;let w=d.length/h;if(!Number.isInteger(w))throw new Error(`Attribute ${f} length is not divisible by size`);a=Math.min(a,w)}if(o.length===0||!Number.isFinite(a))throw new Error(`Geometry ${r.id} has no interleavable attributes`);let c=r3(s,n),l=new ArrayBuffer(a*c);for(let f of o)Lz(l,a,c,f);return new yn({id:r.id,topology:r.topology||"triangle-list",vertexCount:r.vertexCount,indices:r.indices,attributes:{[t]:{value:new Uint8Array(l),size:c,byteStride:c}},bufferLayout:[{name:t,stepMode:"vertex",byteStride:c,attributes:o.map(f=>({attribute:f.attributeName,format:f.format,byteOffset:f.byteOffset}))}]})}function Sz(r,e){if(r.bufferLayout.length!==1)return!1;let t=r.bufferLayout[0];return t.name===e&&!!t.attributes?.length&&!!r.attributes[e]}function Tz(r,e){return e?e.map(t=>[t,r.attributes[t]]):Object.entries(r.attributes)}function Lz(r,e,t,n){let i=n.value.constructor,o=i.BYTES_PER_ELEMENT;if(n.byteOffset%o!==0||t%o!==0)throw new Error(`Attribute ${n.sourceName} is not aligned to its component type`);let s=new i(r),a=n.value,c=n.byteOffset/o,l=t/o;for(let f=0;f<e;f++){let u=f*n.size,d=f*l+c;for(let h=0;h<n.size;h++)s[d+h]=a[u+h]}}function r3(r,e){return Math.ceil(r/e)*e}var i3=S(()=>{se();_h()});var Az,Cz,vs,o3=S(()=>{Az=1,Cz=1,vs=class{time=0;channels=new Map;animations=new Map;playing=!1;lastEngineTime=-1;constructor(){}addChannel(e){let{delay:t=0,duration:n=Number.POSITIVE_INFINITY,rate:i=1,repeat:o=1}=e,s=Az++,a={time:0,delay:t,duration:n,rate:i,repeat:o};return this._setChannelTime(a,this.time),this.channels.set(s,a),s}removeChannel(e){this.channels.delete(e);for(let[t,n]of this.animations)n.channel===e&&this.detachAnimation(t)}isFinished(e){let t=this.channels.get(e);return t===void 0?!1:this.time>=t.delay+t.duration*t.repeat}getTime(e){if(e===void 0)return this.time;let t=this.channels.get(e);return t===void 0?-1:t.time}setTime(e){this.time=Math.max(0,e);let t=this.channels.values();for(let i of t)this._setChannelTime(i,this.time);let n=this.animations.values();for(let i of n){let{animation:o,channel:s}=i;o.setTime(this.getTime(s))}}play(){this.playing=!0}pause(){this.playing=!1,this.lastEngineTime=-1}reset(){this.setTime(0)}attachAnimation(e,t){let n=Cz++;return this.animations.set(n,{animation:e,channel:t}),e.setTime(this.getTime(t)),n}detachAnimation(e){this.animations.delete(e)}update(e){this.playing&&(this.lastEngineTime===-1&&(this.lastEngineTime=e),this.setTime(this.time+(e-this.lastEngineTime)),this.lastEngineTime=e)}_setChannelTime(e,t){let n=t-e.delay,i=e.duration*e.repeat;n>=i?e.time=e.duration*e.rate:(e.time=Math.max(0,n)%e.duration,e.time*=e.rate)}}});function s3(r){let e=typeof window<"u"?window.requestAnimationFrame||window.webkitRequestAnimationFrame||window.mozRequestAnimationFrame:null;return e?e.call(window,r):setTimeout(()=>r(typeof performance<"u"?performance.now():Date.now()),1e3/60)}function a3(r){let e=typeof window<"u"?window.cancelAnimationFrame||window.webkitCancelAnimationFrame||window.mozCancelAnimationFrame:null;if(e){e.call(window,r);return}clearTimeout(r)}var c3=S(()=>{});var Mz,Rz,l3,Hl,f3=S(()=>{se();c3();zc();Mz=0,Rz="Animation Loop",l3={requestAnimationFrame:r=>s3(r),cancelAnimationFrame:r=>a3(r)},Hl=class r{static defaultAnimationLoopProps={device:null,onAddHTML:()=>"",onInitialize:async()=>null,onRender:()=>{},onFinalize:()=>{},onError:e=>{console.error(e)},stats:void 0,autoResizeViewport:!1,animationFrameProvider:l3};device=null;canvas=null;props;animationProps=null;timeline=null;stats;sharedStats;cpuTime;gpuTime;frameRate;display;_needsRedraw="initialized";_initialized=!1;_running=!1;_animationFrameId=null;_nextFramePromise=null;_resolveNextFrame=null;_cpuStartTime=0;_error=null;_lastFrameTime=0;constructor(e){if(this.props={...r.defaultAnimationLoopProps,...e},e=this.props,!e.device)throw new Error("No device provided");this.stats=e.stats||new fn({id:`animation-loop-${Mz++}`}),this.sharedStats=ma.stats.get(Rz),this.frameRate=this.stats.get("Frame Rate"),this.frameRate.setSampleSize(1),this.cpuTime=this.stats.get("CPU Time"),this.gpuTime=this.stats.get("GPU Time"),this.setProps({autoResizeViewport:e.autoResizeViewport,animationFrameProvider:e.animationFrameProvider}),this.start=this.start.bind(this),this.stop=this.stop.bind(this),this._onMousemove=this._onMousemove.bind(this),this._onMouseleave=this._onMouseleave.bind(this)}destroy(){this.stop(),this._setDisplay(null),this.device?._disableDebugGPUTime()}delete(){this.destroy()}reportError(e){this._error=e,this.props.onError(e),this.props.onError===r.defaultAnimationLoopProps.onError&&typeof window<"u"&&typeof ErrorEvent<"u"&&window.dispatchEvent(new ErrorEvent("error",{error:e,message:e.message}))}setNeedsRedraw(e){return this._needsRedraw=this._needsRedraw||e,this}needsRedraw(){let e=this._needsRedraw;return this._needsRedraw=!1,e}setProps(e){if("autoResizeViewport"in e&&(this.props.autoResizeViewport=e.autoResizeViewport||!1),"animationFrameProvider"in e){let t=e.animationFrameProvider||l3;if(t!==this.props.animationFrameProvider){let n=this._animationFrameId!==null;n&&this._cancelAnimationFrame(),this.props.animationFrameProvider=t,n&&this._requestAnimationFrame()}}return this}async start(){if(this._running)return this;this._running=!0;try{let e;if(!this._initialized){if(this._initialized=!0,await this._initDevice(),this._initialize(),!this._running)return null;await this.props.onInitialize(this._getAnimationProps())}return this._running?(e!==!1&&(this._cancelAnimationFrame(),this._requestAnimationFrame()),this):null}catch(e){let t=e instanceof Error?e:new Error("Unknown error");throw this.props.onError(t),t}}stop(){if(this._running){let e=this.animationProps;this._cancelAnimationFrame(),this._nextFramePromise=null,this._resolveNextFrame=null,this._running=!1,this._lastFrameTime=0,e&&this.props.onFinalize(e)}return this}redraw(e,t=null){return this.device?.isLost||this._error?this:(this._beginFrameTimers(e),this._setupFrame(),this.animationProps&&(this.animationProps.animationFrame=t),this._updateAnimationProps(),this._renderFrame(this._getAnimationProps()),this._clearNeedsRedraw(),this._resolveNextFrame&&(this._resolveNextFrame(this),this._nextFramePromise=null,this._resolveNextFrame=null),this._endFrameTimers(),this)}attachTimeline(e){return this.timeline=e,this.timeline}detachTimeline(){this.timeline=null}waitForRender(){return this.setNeedsRedraw("waitForRender"),this._nextFramePromise||(this._nextFramePromise=new Promise(e=>{this._resolveNextFrame=e})),this._nextFramePromise}async toDataURL(){if(this.setNeedsRedraw("toDataURL"),await this.waitForRender(),this.canvas instanceof HTMLCanvasElement)return this.canvas.toDataURL();throw new Error("OffscreenCanvas")}_initialize(){this._startEventHandling(),this._initializeAnimationProps(),this._updateAnimationProps(),this._resizeViewport(),this.device?._enableDebugGPUTime()}_setDisplay(e){this.display&&(this.display.destroy(),this.display.animationLoop=null),e&&(e.animationLoop=this),this.display=e}_requestAnimationFrame(){this._running&&(this._animationFrameId=this.props.animationFrameProvider.requestAnimationFrame(this._animationFrame.bind(this)))}_cancelAnimationFrame(){this._animationFrameId!==null&&(this.props.animationFrameProvider.cancelAnimationFrame(this._animationFrameId),this._animationFrameId=null)}_animationFrame(e,t){if(this._running)try{this.redraw(e,t??null),this._requestAnimationFrame()}catch(n){let i=n instanceof Error?n:new Error(String(n));this.reportError(i),this.stop()}}_renderFrame(e){if(this.display){this.display._renderFrame(e);return}let t=this.props.onRender(this._getAnimationProps());this.device&&t!==!1&&this.device.submit()}_clearNeedsRedraw(){this._needsRedraw=!1}_setupFrame(){this._resizeViewport()}_initializeAnimationProps(){let e=this.device?.getDefaultCanvasContext();if(!this.device||!e)throw new Error("loop");let t=e?.canvas,n=e.props.useDevicePixels;this.animationProps={animationLoop:this,device:this.device,canvasContext:e,canvas:t,useDevicePixels:n,timeline:this.timeline,needsRedraw:!1,width:1,height:1,aspect:1,time:0,startTime:Date.now(),engineTime:0,tick:0,tock:0,animationFrame:null,_mousePosition:null}}_getAnimationProps(){if(!this.animationProps)throw new Error("animationProps");return this.animationProps}_updateAnimationProps(){if(!this.animationProps)return;let{width:e,height:t,aspect:n}=this._getSizeAndAspect();(e!==this.animationProps.width||t!==this.animationProps.height)&&this.setNeedsRedraw("drawing buffer resized"),n!==this.animationProps.aspect&&this.setNeedsRedraw("drawing buffer aspect changed"),this.animationProps.width=e,this.animationProps.height=t,this.animationProps.aspect=n,this.animationProps.needsRedraw=this._needsRedraw,this.animationProps.engineTime=Date.now()-this.animationProps.startTime,this.timeline&&this.timeline.update(this.animationProps.engineTime),this.animationProps.tick=Math.floor(this.animationProps.time/1e3*60),this.animationProps.tock++,this.animationProps.time=this.timeline?this.timeline.getTime():this.animationProps.engineTime}async _initDevice(){if(this.device=await this.props.device,!this.device)throw new Error("No device provided");this.canvas=this.device.getDefaultCanvasContext().canvas||null}_createInfoDiv(){if(this.canvas&&this.props.onAddHTML){let e=document.createElement("div");document.body.appendChild(e),e.style.position="relative";let t=document.createElement("div");t.style.position="absolute",t.style.left="10px",t.style.bottom="10px",t.style.width="300px",t.style.background="white",this.canvas instanceof HTMLCanvasElement&&e.appendChild(this.canvas),e.appendChild(t);let n=this.props.onAddHTML(t);n&&(t.innerHTML=n)}}_getSizeAndAspect(){if(!this.device)return{width:1,height:1,aspect:1};let[e,t]=this.device.getDefaultCanvasContext().getDrawingBufferSize(),n=e>0&&t>0?e/t:1;return{width:e,height:t,aspect:n}}_resizeViewport(){this.props.autoResizeViewport&&this.device.gl&&this.device.gl.viewport(0,0,this.device.gl.drawingBufferWidth,this.device.gl.drawingBufferHeight)}_beginFrameTimers(e){let t=e??(typeof performance<"u"?performance.now():Date.now());if(this._lastFrameTime){let n=t-this._lastFrameTime;n>0&&this.frameRate.addTime(n)}this._lastFrameTime=t,this.device?._isDebugGPUTimeEnabled()&&this._consumeEncodedGpuTime(),this.cpuTime.timeStart()}_endFrameTimers(){this.device?._isDebugGPUTimeEnabled()&&this._consumeEncodedGpuTime(),this.cpuTime.timeEnd(),this._updateSharedStats()}_consumeEncodedGpuTime(){if(!this.device)return;let e=this.device.commandEncoder._gpuTimeMs;e!==void 0&&(this.gpuTime.addTime(e),this.device.commandEncoder._gpuTimeMs=void 0)}_updateSharedStats(){if(this.stats!==this.sharedStats){for(let e of Object.keys(this.sharedStats.stats))this.stats.stats[e]||delete this.sharedStats.stats[e];this.stats.forEach(e=>{let t=this.sharedStats.get(e.name,e.type);t.sampleSize=e.sampleSize,t.time=e.time,t.count=e.count,t.samples=e.samples,t.lastTiming=e.lastTiming,t.lastSampleTime=e.lastSampleTime,t.lastSampleCount=e.lastSampleCount,t._count=e._count,t._time=e._time,t._samples=e._samples,t._startTime=e._startTime,t._timerPending=e._timerPending})}}_startEventHandling(){this.canvas&&(this.canvas.addEventListener("mousemove",this._onMousemove.bind(this)),this.canvas.addEventListener("mouseleave",this._onMouseleave.bind(this)))}_onMousemove(e){e instanceof MouseEvent&&(this._getAnimationProps()._mousePosition=[e.offsetX,e.offsetY])}_onMouseleave(e){this._getAnimationProps()._mousePosition=null}}});function u3(r,e){if(e instanceof bh)return e;let t=n3(e),n=Iz(r,t),{attributes:i,bufferLayout:o}=Oz(r,t);return new bh({topology:t.topology||"triangle-list",bufferLayout:o,vertexCount:t.vertexCount,indices:n,attributes:i})}function Iz(r,e){if(!e.indices)return;let t=e.indices.value;return r.createBuffer({usage:de.INDEX,data:t})}function Oz(r,e){let t={};for(let[n,i]of Object.entries(e.attributes)){let o=e.bufferLayout.find(s=>s.name===n)?.name||xs(n);i&&(t[o]=r.createBuffer({data:i.value,id:`${n}-buffer`}))}return{attributes:t,bufferLayout:e.bufferLayout,vertexCount:e.vertexCount}}var bh,d3=S(()=>{se();_h();i3();$a();bh=class{id;userData={};topology;bufferLayout=[];vertexCount;indices;attributes;constructor(e){if(this.id=e.id||hi("geometry"),this.topology=e.topology,this.indices=e.indices||null,this.attributes=e.attributes,this.vertexCount=e.vertexCount,this.bufferLayout=e.bufferLayout||[],this.indices&&!(this.indices.usage&de.INDEX))throw new Error("Index buffer must have INDEX usage")}destroy(){this.indices?.destroy();for(let e of Object.values(this.attributes))e.destroy()}getVertexCount(){return this.vertexCount}getAttributes(){return this.attributes}getIndexes(){return this.indices||null}_calculateVertexCount(e){return e.byteLength/12}}});function h3(r,e){let t={},n="Values";if(r.attributes.length===0&&!r.varyings?.length)return{"No attributes or varyings":{[n]:"N/A"}};for(let i of r.attributes)if(i){let o=`${i.location} ${i.name}: ${i.type}`;t[`in ${o}`]={[n]:i.stepMode||"vertex"}}for(let i of r.varyings||[]){let o=`${i.location} ${i.name}`;t[`out ${o}`]={[n]:JSON.stringify(i)}}return t}var p3=S(()=>{});function y3(r,e,t){if(r.device.type!=="webgl")return;let n=Dz(r.device);if(!n.flushing){if(Fz(r)){Bz(r,t,n);return}e&&Nz(e)&&e.handle!==null&&(n.queuedFramebuffers.includes(e)||n.queuedFramebuffers.push(e))}}function Bz(r,e,t){if(t.queuedFramebuffers.length===0)return;let n=r.device,{gl:i}=n,o=i.getParameter(36010),s=i.getParameter(36006),[a,c]=r.device.getDefaultCanvasContext().getDrawingBufferSize(),l=g3(e.top,8),f=g3(e.left,8);t.flushing=!0;try{for(let u of t.queuedFramebuffers){let[d,h,p,g,y]=kz({framebuffer:u,targetWidth:a,targetHeight:c,topPx:l,leftPx:f,minimap:e.minimap});i.bindFramebuffer(36008,u.handle),i.bindFramebuffer(36009,null),i.blitFramebuffer(0,0,u.width,u.height,d,h,p,g,16384,9728),l+=y+8}}finally{i.bindFramebuffer(36008,o),i.bindFramebuffer(36009,s),t.flushing=!1}}function kz(r){let{framebuffer:e,targetWidth:t,targetHeight:n,topPx:i,leftPx:o,minimap:s}=r,a=s?Math.max(Math.floor(t/4),1):t,c=s?Math.max(Math.floor(n/4),1):n,l=Math.min(a/e.width,c/e.height),f=Math.max(Math.floor(e.width*l),1),u=Math.max(Math.floor(e.height*l),1),d=o,h=Math.max(n-i-u,0),p=d+f,g=h+u;return[d,h,p,g,u]}function Dz(r){return r.userData[m3]||={flushing:!1,queuedFramebuffers:[]},r.userData[m3]}function Nz(r){return"colorAttachments"in r}function Fz(r){let e=r.props.framebuffer;return!e||e.handle===null}function g3(r,e){if(!r)return e;let t=Number.parseInt(r,10);return Number.isFinite(t)?t:e}var m3,_3=S(()=>{m3="__debugFramebufferState"});function Va(r,e,t){if(r===e)return!0;if(!t||!r||!e)return!1;if(Array.isArray(r)){if(!Array.isArray(e)||r.length!==e.length)return!1;for(let n=0;n<r.length;n++)if(!Va(r[n],e[n],t-1))return!1;return!0}if(Array.isArray(e))return!1;if(typeof r=="object"&&typeof e=="object"){let n=Object.keys(r),i=Object.keys(e);if(n.length!==i.length)return!1;for(let o of n)if(!e.hasOwnProperty(o)||!Va(r[o],e[o],t-1))return!1;return!0}return!1}var b3=S(()=>{});var Wa,x3=S(()=>{se();Wa=class{bufferLayouts;constructor(e){this.bufferLayouts=e}getBufferLayout(e){return this.bufferLayouts.find(t=>t.name===e)||null}getAttributeNamesForBuffer(e){return xa(e)}mergeBufferLayouts(e,t){let n=[...e];for(let i of t){let o=n.findIndex(s=>s.name===i.name);o<0?n.push(i):n[o]=i}return n}}});function v3(r,e){let t=My(r),n=e.slice();return n.sort((i,o)=>{let s=Md(xa(i).map(c=>t[c])),a=Md(xa(o).map(c=>t[c]));return s-a}),n}var w3=S(()=>{se()});function ja(r,e){if(!r||!e.some(n=>n.bindingLayout?.length))return r;let t={...r,bindings:r.bindings.map(n=>({...n}))};"attributes"in(r||{})&&(t.attributes=r?.attributes||[]);for(let n of e)for(let i of n.bindingLayout||[])for(let o of Uz(i.name)){let s=t.bindings.find(a=>a.name===o);s?.group===0&&(s.group=i.group),s&&i.visibility!==void 0&&(s.visibility=i.visibility)}return t}function E3(r,e,t=[]){return r?e?{...r,attributes:r.attributes.length?$z(r.attributes,e.attributes.filter(n=>t.includes(n.name))):e.attributes,bindings:Gz(r.bindings,e.bindings)}:r:e}function Yl(r){return!!(r.uniformTypes&&!zz(r.uniformTypes))}function P3(r){let e=[];for(let t of r){let n=xl(t),i=new Set([t.vs,t.fs].flatMap(s=>s?vl(s).filter(a=>a.isStd140).map(a=>a.blockName):[])),o=i.has(n)?n:i.size===1?i.values().next().value:void 0;Yl(t)&&o&&e.push({name:o,uniformTypes:t.uniformTypes})}return e}function xh(r,e){let t=[],n=new Set;for(let i of[...r||[],...e||[]])n.has(i.name)||(n.add(i.name),t.push(i));return t}function Uz(r){let e=new Set([r,`${r}Uniforms`]);return r.endsWith("Uniforms")||e.add(`${r}Sampler`),[...e]}function zz(r){for(let e in r)return!1;return!0}function Gz(r,e){let t=r.map(o=>({...o})),n=new Set(r.map(o=>o.name)),i=new Set(r.map(o=>`${o.group}:${o.location}`));for(let o of e){let s=`${o.group}:${o.location}`;!n.has(o.name)&&!i.has(s)&&t.push({...o})}return t}function $z(r,e){let t=r.map(o=>({...o})),n=new Map(r.map(o=>[o.name,o])),i=new Map(r.map(o=>[o.location,o]));for(let o of e){let s=n.get(o.name);if(s){if(s.type!==o.type||s.location!==o.location)throw new Error(`Shader attribute "${o.name}" conflicts with its inferred type or location`);continue}let a=i.get(o.location);if(a)throw new Error(`Shader attributes "${a.name}" and "${o.name}" both use location ${o.location}`);t.push({...o})}return t}var ab=S(()=>{Or()});function Vz(r){return Yc(r)||typeof r=="number"||typeof r=="boolean"}function S3(r,e={}){let t={bindings:{},uniforms:{}};return Object.keys(r).forEach(n=>{let i=r[n];Object.prototype.hasOwnProperty.call(e,n)||Vz(i)?t.uniforms[n]=i:t.bindings[n]=i}),t}var T3=S(()=>{Ig()});function L3(r={},e={},t={}){let n={...r};for(let[i,o]of Object.entries(e))o!==void 0&&(n[i]=cb(r[i],o,t[i]));return n}function cb(r,e,t){if(!t||typeof t=="string")return ql(e);if(Array.isArray(t)){if(lb(e)||!Array.isArray(e))return ql(e);let s=Array.isArray(r)&&!lb(r)?[...r]:[],a=s.slice();for(let c=0;c<e.length;c++){let l=e[c];l!==void 0&&(a[c]=cb(s[c],l,t[0]))}return a}if(!fb(e))return ql(e);let n=t,i=fb(r)?r:{},o={...i};for(let[s,a]of Object.entries(e))a!==void 0&&(o[s]=cb(i[s],a,n[s]));return o}function ql(r){return ArrayBuffer.isView(r)?Array.prototype.slice.call(r):Array.isArray(r)?lb(r)?r.slice():r.map(t=>t===void 0?void 0:ql(t)):fb(r)?Object.fromEntries(Object.entries(r).map(([e,t])=>[e,t===void 0?void 0:ql(t)])):r}function lb(r){return ArrayBuffer.isView(r)||Array.isArray(r)&&(r.length===0||typeof r[0]=="number")}function fb(r){return!!r&&typeof r=="object"&&!Array.isArray(r)&&!ArrayBuffer.isView(r)}function Wz(r){return!!r?.dependencies}var Ha,ub=S(()=>{se();Or();T3();Ha=class{options={disableWarnings:!1};modules;moduleUniforms;moduleBindings;directBindings={};constructor(e,t){Object.assign(this.options,t);let n=Yo(Object.values(e).filter(Wz));for(let i of n)e[i.name]=i;k.log(1,"Creating ShaderInputs with modules",Object.keys(e))(),this.modules=e,this.moduleUniforms={},this.moduleBindings={};for(let[i,o]of Object.entries(e))o&&(this._addModule(o),o.name&&i!==o.name&&!this.options.disableWarnings&&k.warn(`Module name: ${i} vs ${o.name}`)())}destroy(){}setProps(e){e.bindings&&Object.assign(this.directBindings,e.bindings);for(let t of Object.keys(e)){if(t==="bindings")continue;let n=t,i=e[n]||{},o=this.modules[n];if(!o)this.options.disableWarnings||k.warn(`Module ${t} not found`)();else{let s=this.moduleUniforms[n],a=this.moduleBindings[n],c=o.getUniforms?.(i,s)||i,{uniforms:l,bindings:f}=S3(c,o.uniformTypes);this.moduleUniforms[n]=L3(s,l,o.uniformTypes),this.moduleBindings[n]={...a,...f}}}}getModules(){return Object.values(this.modules)}addModules(e){let t=Yo(e);for(let n of t){let i=n.name;this.modules[i]||(this.modules[i]=n,this._addModule(n))}}getUniformValues(){return this.moduleUniforms}getBindingValues(){let e={};for(let t of Object.values(this.moduleBindings))Object.assign(e,t);return Object.assign(e,this.directBindings),e}getModuleBindingValues(e){let t=this.moduleBindings[e];return t?{...t}:{}}getDebugTable(){let e={};for(let[t,n]of Object.entries(this.moduleUniforms))for(let[i,o]of Object.entries(n))e[`${t}.${i}`]={type:this.modules[t].uniformTypes?.[i],value:String(o)};return e}_addModule(e){let t=e.name;this.moduleUniforms[t]=L3({},e.defaultUniforms||{},e.uniformTypes),this.moduleBindings[t]={}}}});function db(r){return r!==null&&typeof r=="object"&&"buffer"in r}function Hz(r){return r instanceof ir?r.buffer:r}function A3(r){return{buffer:Hz(r.buffer),offset:r.offset,size:r.size}}var jz,ir,hb=S(()=>{se();$a();jz=de.DEBUG_DATA_MAX_LENGTH,ir=class{device;id;ready;usage;props;isReady=!0;destroyed=!1;generation=0;updateTimestamp;debugData=new ArrayBuffer(0);_debugDataEnabled;_maxDebugDataByteLength;_ownsBuffer;_buffer;get buffer(){return this._buffer}get byteLength(){return this._buffer.byteLength}get[Symbol.toStringTag](){return"DynamicBuffer"}toString(){return`DynamicBuffer:"${this.id}":${this.byteLength}B`}toJSON(){return this.toString()}constructor(e,t){let{debugData:n=!1,buffer:i,ownsBuffer:o=!0,...s}=t;if(i&&i.device!==e)throw new Error("DynamicBuffer adopted buffers must belong to the supplied device");if(i&&(s.byteLength!==void 0||s.data!==void 0))throw new Error("DynamicBuffer cannot combine an adopted buffer with byteLength or data");let a=t.id||i?.id||hi("dynamic-buffer"),c={...s,id:a,usage:s.usage??i?.usage,indexType:s.indexType??i?.indexType};(c.usage||0)&de.INDEX&&!c.indexType&&(s.data instanceof Uint32Array?c.indexType="uint32":s.data instanceof Uint16Array?c.indexType="uint16":s.data instanceof Uint8Array&&(c.indexType="uint8")),delete c.data,delete c.byteOffset,this.device=e,this.id=a,this.props=c,this.usage=c.usage||0,this._debugDataEnabled=!!n,this._maxDebugDataByteLength=typeof n=="object"&&n.maxByteLength!==void 0?n.maxByteLength:jz,this._ownsBuffer=o,this._buffer=i??this.device.createBuffer({...s,id:a}),this.ready=Promise.resolve(this._buffer),this.updateTimestamp=this._buffer.updateTimestamp,this._resetDebugData(this._buffer.byteLength),s.data&&this._writeDebugData(s.data,s.byteOffset||0)}write(e,t=0){this._buffer.write(e,t),this._touch(),this._writeDebugData(e,t)}async mapAndWriteAsync(e,t=0,n=this.byteLength-t){let i=null;await this._buffer.mapAndWriteAsync(async(o,s)=>{await e(o,s),i=new Uint8Array(o.slice(0,n))},t,n),this._touch(),i&&this._writeDebugData(i,t)}async readAsync(e=0,t=this.byteLength-e){let n=await this._buffer.readAsync(e,t);return this._writeDebugData(n,e)&&this._touch(),n}async mapAndReadAsync(e,t=0,n=this.byteLength-t){let i=null,o=await this._buffer.mapAndReadAsync(async(s,a)=>(i=new Uint8Array(s.slice(0)),await e(s,a)),t,n);return i&&this._writeDebugData(i,t)&&this._touch(),o}resize(e){let{byteLength:t,preserveData:n=!1}=e;if(t===this.byteLength)return!1;let i=Math.min(e.copyByteLength??Math.min(this.byteLength,t),this.byteLength,t),o=this._buffer,s=this.debugData.slice(0),{data:a,byteOffset:c,...l}=this.props,f=this.device.createBuffer({...l,byteLength:t});return n&&i>0&&this._copyBufferContents(o,f,i),this._buffer=f,this._resetDebugData(t),n&&s.byteLength>0&&this._writeDebugData(s,0),this._ownsBuffer&&o.destroy(),this._ownsBuffer=!0,this.generation++,this._touch(),!0}ensureSize(e,t){return e<=this.byteLength?!1:this.resize({byteLength:e,preserveData:t?.preserveData})}getBinding(e){return e?.offset===void 0&&e?.size===void 0?this._buffer:{buffer:this._buffer,offset:e?.offset,size:e?.size}}destroy(){this.destroyed||(this._ownsBuffer&&this._buffer.destroy(),this.destroyed=!0,this.debugData=new ArrayBuffer(0))}_copyBufferContents(e,t,n){let i=this.device.type==="webgpu"?Math.ceil(n/4)*4:n,o=this.device.createCommandEncoder();o.copyBufferToBuffer({sourceBuffer:e,destinationBuffer:t,size:i}),this.device.submit(o.finish())}_touch(){this.updateTimestamp=this.device.incrementTimestamp()}_resetDebugData(e){if(!this._debugDataEnabled){this.debugData=new ArrayBuffer(0);return}this.debugData=new ArrayBuffer(Math.min(e,this._maxDebugDataByteLength))}_writeDebugData(e,t){if(!this._debugDataEnabled||this.debugData.byteLength===0||t>=this.debugData.byteLength)return!1;let n=ArrayBuffer.isView(e)?new Uint8Array(e.buffer,e.byteOffset,e.byteLength):new Uint8Array(e),i=new Uint8Array(this.debugData),o=Math.min(n.byteLength,i.byteLength-t);return i.set(n.subarray(0,o),t),o>0}}});function Zl(r){return r!==null&&typeof r=="object"&&"resolveTextureBinding"in r&&typeof r.resolveTextureBinding=="function"}function Yz(r){return r?.type==="texture"||r?.type==="external-texture"}function C3(r,e,t){let n=Pd(r,e,{ignoreWarnings:!0});return Yz(n)?n:r.bindings.length===0&&t?.fallbackGroup!==void 0?{type:"texture",name:e,group:t.fallbackGroup,location:0}:null}var M3=S(()=>{se()});function mb(r,e){return r.shaderLanguage!==void 0&&r.shaderLanguage!==e?!1:e==="glsl"?"assembleGLSLShaderPair"in r&&typeof r.assembleGLSLShaderPair=="function":"assembleWGSLShader"in r&&typeof r.assembleWGSLShader=="function"}function Xz(r,e){return!r||Object.keys(e).length===0?r:{...r,attributes:r.attributes.map(t=>{let n=t.name.startsWith("_luma_")?t.name.slice(6):null;return n&&e[n]?{...t,name:n}:t})}}function Kz(r,e,t){if(Zl(e)){let n=C3(t,r,{fallbackGroup:0});return n?e.resolveTextureBinding(n):null}return e instanceof ir?e.buffer:db(e)?A3(e):e}function Qz(r){return r&&!R3(r)?r:null}function Jz(r){return r&&R3(r)?r:void 0}function R3(r){return Zz.includes(r)}function eG(r){return{type:r.type,shaderLanguage:r.info.shadingLanguage,shaderLanguageVersion:r.info.shadingLanguageVersion,gpu:r.info.gpu,limits:r.limits,features:r.features}}var pi,qz,pb,Zz,qt,gb=S(()=>{se();Or();d3();p3();_3();b3();x3();w3();ab();$a();ub();hb();M3();pi=2,qz=1e4,pb="render pipeline initialization failed",Zz=["stencil8","depth16unorm","depth24plus","depth24plus-stencil8","depth32float","depth32float-stencil8"],qt=class r{static defaultProps={...dn.defaultProps,source:void 0,vs:null,fs:null,id:"unnamed",handle:void 0,userData:{},defines:{},modules:[],plugins:[],geometry:null,indexBuffer:null,indexCount:void 0,firstVertex:0,firstIndex:0,attributes:{},constantAttributes:{},bindings:{},uniforms:{},varyings:[],isInstanced:void 0,instanceCount:0,vertexCount:0,shaderInputs:void 0,material:void 0,pipelineFactory:void 0,shaderFactory:void 0,transformFeedback:void 0,shaderAssembler:hn.getDefaultShaderAssembler("glsl"),debugShaders:void 0,disableWarnings:void 0};device;id;source;vs;fs;pipelineFactory;shaderFactory;userData={};parameters;topology;bufferLayout;isInstanced=void 0;instanceCount=0;vertexCount;indexCount;firstVertex;firstIndex;indexBuffer=null;bufferAttributes={};constantAttributes={};bindings={};vertexArray;transformFeedback=null;pipeline;shaderInputs;material=null;_uniformStore;_attributeInfos={};_gpuGeometry=null;props;_dynamicIndexBufferSource=null;_dynamicAttributeBufferSources={};_colorAttachmentFormats;_depthStencilAttachmentFormat;_pipelineNeedsUpdate="newly created";_needsRedraw="initializing";_drawBlockedReason=!1;_destroyed=!1;_vertexCountSet=!1;_lastDrawTimestamp=-1;_bindingTable=[];get[Symbol.toStringTag](){return"Model"}toString(){return`Model(${this.id})`}constructor(e,t){let n=r.defaultProps.shaderAssembler,i=t.vertexCount!==void 0;this.props={...r.defaultProps,...t,shaderAssembler:t.shaderAssembler??(mb(n,e.info.shadingLanguage)?n:hn.getDefaultShaderAssembler(e.info.shadingLanguage))},this._vertexCountSet=i,t=this.props,this.id=t.id||hi("model"),this.device=e,Object.assign(this.userData,t.userData),this.material=t.material||null;let o=eG(e),s=_l(this.props.plugins,o.shaderLanguage),a=bl(this.props.modules,s.modules),c=Object.fromEntries(a.map(h=>[h.name,h])),l=t.shaderInputs||new Ha(c,{disableWarnings:this.props.disableWarnings});t.shaderInputs&&s.modules.length>0&&l.addModules(s.modules),this.setShaderInputs(l);let f=xh(this.props.modules,l.getModules()),u={...s.defines,...this.props.defines};if(this.device.type==="webgl"&&(this.props._uniformBlockLayouts=P3(f)),this.props.shaderLayout=ja(this.props.shaderLayout,f)||null,this.device.type==="webgpu"&&this.props.source){let h=this.props.shaderAssembler;oo(mb(h,"wgsl"));let{source:p,getUniforms:g,bindingTable:y,shaderLayout:w}=h.assembleWGSLShader({platformInfo:o,...this.props,modules:f,defines:u,pluginInjections:s.injections,pluginVertexInputs:s.vertexInputs,pluginVaryings:s.varyings});this.source=p,this._getModuleUniforms=g,this._bindingTable=y;let x=w??e.getShaderLayout?.(this.source),b=Xz(x,s.vertexInputs),v=E3(this.props.shaderLayout,b,Object.keys(s.vertexInputs));this.props.shaderLayout=ja(v||null,f)||null}else{let h=this.props.shaderAssembler;oo(mb(h,"glsl"));let{vs:p,fs:g,getUniforms:y}=h.assembleGLSLShaderPair({platformInfo:o,...this.props,modules:f,defines:u,pluginInjections:s.injections,pluginVertexInputs:s.vertexInputs,pluginVaryings:s.varyings});this.vs=p,this.fs=g,this._getModuleUniforms=y,this._bindingTable=[]}this.vertexCount=this.props.vertexCount,this.indexCount=this.props.indexCount,this.firstVertex=this.props.firstVertex,this.firstIndex=this.props.firstIndex,this.instanceCount=this.props.instanceCount,this.topology=this.props.topology,this.bufferLayout=this.props.bufferLayout,this.parameters=this.props.parameters,this._colorAttachmentFormats=this.props.colorAttachmentFormats,this._depthStencilAttachmentFormat=this.props.depthStencilAttachmentFormat,t.geometry&&this.setGeometry(t.geometry),this.pipelineFactory=t.pipelineFactory||es.getDefaultPipelineFactory(this.device),this.shaderFactory=t.shaderFactory||ts.getDefaultShaderFactory(this.device),this.pipeline=this._updatePipeline(),this.vertexArray=e.createVertexArray({shaderLayout:this.pipeline.shaderLayout,bufferLayout:this.pipeline.bufferLayout}),this._gpuGeometry&&this._setGeometryAttributes(this._gpuGeometry),"isInstanced"in t&&(this.isInstanced=t.isInstanced),t.instanceCount&&this.setInstanceCount(t.instanceCount),t.vertexCount&&this.setVertexCount(t.vertexCount),t.indexBuffer&&this.setIndexBuffer(t.indexBuffer),t.attributes&&this.setAttributes(t.attributes),t.constantAttributes&&this.setConstantAttributes(t.constantAttributes),t.bindings&&this.setBindings(t.bindings),t.transformFeedback&&(this.transformFeedback=t.transformFeedback)}destroy(){this._destroyed||(this.pipelineFactory.release(this.pipeline),this.shaderFactory.release(this.pipeline.vs),this.pipeline.fs&&this.pipeline.fs!==this.pipeline.vs&&this.shaderFactory.release(this.pipeline.fs),this._uniformStore.destroy(),this._gpuGeometry?.destroy(),this._destroyed=!0)}needsRedraw(){this._getBindingsUpdateTimestamp()>this._lastDrawTimestamp&&this.setNeedsRedraw("contents of bound textures or buffers updated");let e=this._needsRedraw;return this._needsRedraw=!1,e}setNeedsRedraw(e){this._needsRedraw||=e}getBindingDebugTable(){return this._bindingTable}predraw(e){this._syncDynamicBuffers(),this.updateShaderInputs(e),this.material?.updateShaderInputs(e),this.pipeline=this._updatePipeline()}draw(e){if(this._drawBlockedReason&&!this._pipelineNeedsUpdate)return k.info(pi,`>>> DRAWING ABORTED ${this.id}: ${this._drawBlockedReason}`)(),!1;let t=this._areBindingsLoading();if(t)return k.info(pi,`>>> DRAWING ABORTED ${this.id}: ${t} not loaded`)(),!1;this._syncAttachmentFormats(e);try{e.pushDebugGroup(`${this}.predraw(${e})`),this.device.type==="webgpu"?(this.updateShaderInputs(),this.material?.updateShaderInputs(),this._syncDynamicBuffers(),this.pipeline=this._updatePipeline()):this.predraw(this.device.commandEncoder)}finally{e.popDebugGroup()}let n,i=this.pipeline.isErrored;try{if(e.pushDebugGroup(`${this}.draw(${e})`),this._logDrawCallStart(),this.pipeline=this._updatePipeline(),i=this.pipeline.isErrored,i)k.info(pi,`>>> DRAWING ABORTED ${this.id}: ${pb}`)(),n=!1;else{let o=this.vertexArray.getDrawValidationError();if(o)k.info(pi,`>>> DRAWING ABORTED ${this.id}: ${o}`)(),this._drawBlockedReason=o,n=!1;else{let s=this._getCurrentShaderLayout(),a=this._getBindings(s),c=this._getBindGroups(s,a),{indexBuffer:l}=this.vertexArray,f=l?this.indexCount??(this._vertexCountSet?this.vertexCount:l.byteLength/(l.indexType==="uint32"?4:2)):void 0;e.setPipeline(this.pipeline),e.setBindings(c,{_bindGroupCacheKeys:this._getBindGroupCacheKeys()}),e.setVertexArray(this.vertexArray),n=this.isInstanced===!0&&this.instanceCount===0?!0:e.draw({isInstanced:this.isInstanced,vertexCount:this.vertexCount,instanceCount:this.isInstanced?this.instanceCount:void 0,indexCount:f,firstVertex:this.firstVertex,firstIndex:this.firstIndex,transformFeedback:this.transformFeedback||void 0,uniforms:this.props.uniforms,parameters:this.parameters,topology:this.topology})}}}finally{e.popDebugGroup(),this._logDrawCallEnd()}return this._logFramebuffer(e),n?(this._lastDrawTimestamp=this.device.timestamp,this._needsRedraw=!1):i?(this._needsRedraw=pb,this._drawBlockedReason=pb):this._drawBlockedReason?this._needsRedraw=this._drawBlockedReason:this._needsRedraw="waiting for resource initialization",n}setGeometry(e){this._gpuGeometry?.destroy();let t=e&&u3(this.device,e);if(t){this.setTopology(t.topology||"triangle-list");let n=new Wa(this.bufferLayout);this.bufferLayout=n.mergeBufferLayouts(t.bufferLayout,this.bufferLayout),this.vertexArray&&this._setGeometryAttributes(t)}this._gpuGeometry=t}setTopology(e){e!==this.topology&&(this.topology=e,this._setPipelineNeedsUpdate("topology"))}setBufferLayout(e){let t=new Wa(this.bufferLayout),n=this._gpuGeometry?t.mergeBufferLayouts(e,this._gpuGeometry.bufferLayout):e;Va(n,this.bufferLayout,-1)||(this.bufferLayout=n,this._setPipelineNeedsUpdate("bufferLayout"),this.pipeline=this._updatePipeline(),this.vertexArray=this.device.createVertexArray({shaderLayout:this.pipeline.shaderLayout,bufferLayout:this.pipeline.bufferLayout}),this._gpuGeometry&&this._setGeometryAttributes(this._gpuGeometry))}setParameters(e){Va(e,this.parameters,2)||(this.parameters=e,this._setPipelineNeedsUpdate("parameters"))}setInstanceCount(e){this.instanceCount=e,this.isInstanced===void 0&&e>0&&(this.isInstanced=!0),this.setNeedsRedraw("instanceCount")}setVertexCount(e){this.vertexCount=e,this._vertexCountSet=!0,this.setNeedsRedraw("vertexCount")}setIndexCount(e){this.indexCount=e,this.setNeedsRedraw("indexCount")}setDrawOffsets({firstVertex:e,firstIndex:t}){this.firstVertex=e,this.firstIndex=t,this.setNeedsRedraw("drawOffsets")}setShaderInputs(e){this.shaderInputs=e,this._uniformStore=new is(this.device,this.shaderInputs.modules);for(let[t,n]of Object.entries(this.shaderInputs.modules))if(Yl(n)&&!this.material?.ownsModule(t)){let i=this._uniformStore.getManagedUniformBuffer(t);this.bindings[`${t}Uniforms`]=i}this.setNeedsRedraw("shaderInputs")}setMaterial(e){this.material=e,this.setNeedsRedraw("material")}updateShaderInputs(e){this._uniformStore.setUniforms(this.shaderInputs.getUniformValues(),e),this.setBindings(this._getNonMaterialBindings(this.shaderInputs.getBindingValues())),this.setNeedsRedraw("shaderInputs")}setBindings(e){Object.assign(this.bindings,e),this.setNeedsRedraw("bindings")}setTransformFeedback(e){this.transformFeedback=e,this.setNeedsRedraw("transformFeedback")}setIndexBuffer(e){let t=e instanceof ir?e.buffer:e;this.indexBuffer=t,this._dynamicIndexBufferSource=e instanceof ir?{source:e,generation:e.generation}:null,this.vertexArray.setIndexBuffer(t),this.setNeedsRedraw("indexBuffer")}setAttributes(e,t){this._drawBlockedReason=!1;let n=t?.disableWarnings??this.props.disableWarnings;e.indices&&k.warn(`Model:${this.id} setAttributes() - indexBuffer should be set using setIndexBuffer()`)(),this.bufferLayout=v3(this.pipeline.shaderLayout,this.bufferLayout);let i=new Wa(this.bufferLayout);for(let[o,s]of Object.entries(e)){let a=s instanceof ir?s.buffer:s,c=i.getBufferLayout(o);if(!c){n||k.warn(`Model(${this.id}): Missing layout for buffer "${o}".`)();continue}let l=i.getAttributeNamesForBuffer(c),f=!1;for(let u of l){let d=this._attributeInfos[u];if(d){let h=this.device.type==="webgpu"?this.vertexArray.getBufferSlot(d.bufferName):d.location;if(h===null){n||k.warn(`Model(${this.id}): Missing vertex array slot for buffer "${d.bufferName}".`)();continue}this.vertexArray.setBuffer(h,a),s instanceof ir?this._dynamicAttributeBufferSources[h]={source:s,generation:s.generation}:delete this._dynamicAttributeBufferSources[h],f=!0}}!f&&!n&&k.warn(`Model(${this.id}): Ignoring buffer "${a.id}" for unknown attribute "${o}"`)()}this.setNeedsRedraw("attributes")}setConstantAttributes(e,t){for(let[n,i]of Object.entries(e)){let o=this._attributeInfos[n];o?this.vertexArray.setConstantWebGL(o.location,i):(t?.disableWarnings??this.props.disableWarnings)||k.warn(`Model "${this.id}: Ignoring constant supplied for unknown attribute "${n}"`)()}this.setNeedsRedraw("constants")}_areBindingsLoading(){for(let e of Object.values(this.bindings))if(Zl(e)&&!e.isReady)return e.id;for(let e of Object.values(this.material?.bindings||{}))if(Zl(e)&&!e.isReady)return e.id;return!1}_getBindings(e=this._getCurrentShaderLayout()){let t={};for(let[n,i]of Object.entries(this.bindings)){let o=Kz(n,i,e);o&&(t[n]=o)}return t}_getBindGroups(e=this._getCurrentShaderLayout(),t=this._getBindings(e)){let n=e.bindings.length?rs(e,t):{0:t};if(!this.material)return n;for(let[i,o]of Object.entries(this.material.getBindingsByGroup(e))){let s=Number(i);n[s]={...n[s]||{},...o}}return n}_getBindGroupCacheKeys(){let e=this.material?.getBindGroupCacheKey(3);return e?{3:e}:{}}_getBindingsUpdateTimestamp(){let e=0;this._dynamicIndexBufferSource&&(e=Math.max(e,this._dynamicIndexBufferSource.source.updateTimestamp));for(let t of Object.values(this._dynamicAttributeBufferSources))e=Math.max(e,t.source.updateTimestamp);for(let t of Object.values(this.bindings))t instanceof Ko?e=Math.max(e,t.texture.updateTimestamp):t instanceof de||t instanceof Ie||t instanceof sl||t instanceof ir?e=Math.max(e,t.updateTimestamp):Zl(t)?e=t.isReady?Math.max(e,t.updateTimestamp):1/0:db(t)&&(e=Math.max(e,(t.buffer instanceof ir,t.buffer.updateTimestamp)));return Math.max(e,this.material?.getBindingsUpdateTimestamp()||0)}_setGeometryAttributes(e){let t={...e.attributes};for(let[n]of Object.entries(t))!this.pipeline.shaderLayout.attributes.find(i=>i.name===n)&&n!=="positions"&&delete t[n];this.vertexCount=e.vertexCount,this._vertexCountSet=!0,this.setIndexBuffer(e.indices||null),this.setAttributes(e.attributes,{disableWarnings:!0}),this.setAttributes(t,{disableWarnings:this.props.disableWarnings}),this.setNeedsRedraw("geometry attributes")}_setPipelineNeedsUpdate(e){this._pipelineNeedsUpdate||=e,this._drawBlockedReason=!1,this.setNeedsRedraw(e)}_updatePipeline(){if(this._pipelineNeedsUpdate){let e=null,t=null;this.pipeline&&(k.log(1,`Model ${this.id}: Recreating pipeline because "${this._pipelineNeedsUpdate}".`)(),e=this.pipeline.vs,t=this.pipeline.fs),this._pipelineNeedsUpdate=!1;let n=this.shaderFactory.createShader({id:`${this.id}-vertex`,stage:"vertex",source:this.source||this.vs,debugShaders:this.props.debugShaders}),i=null;this.source?i=n:this.fs&&(i=this.shaderFactory.createShader({id:`${this.id}-fragment`,stage:"fragment",source:this.source||this.fs,debugShaders:this.props.debugShaders})),this.pipeline=this.pipelineFactory.createRenderPipeline({...this.props,bindings:void 0,bufferLayout:this.bufferLayout,colorAttachmentFormats:this._colorAttachmentFormats,depthStencilAttachmentFormat:this._depthStencilAttachmentFormat,topology:this.topology,parameters:this.parameters,bindGroups:void 0,vs:n,fs:i}),this._attributeInfos=yl(this.pipeline.shaderLayout,this.bufferLayout),e&&this.shaderFactory.release(e),t&&t!==e&&this.shaderFactory.release(t)}return this.pipeline}_lastLogTime=0;_logOpen=!1;_logDrawCallStart(){let e=k.level>3?0:qz;k.level<2||Date.now()-this._lastLogTime<e||(this._lastLogTime=Date.now(),this._logOpen=!0,k.group(pi,`>>> DRAWING MODEL ${this.id}`,{collapsed:k.level<=2})())}_logDrawCallEnd(){if(this._logOpen){let e=h3(this.pipeline.shaderLayout,this.id);k.table(pi,e)();let t=this.shaderInputs.getDebugTable();k.table(pi,t)();let n=this._getAttributeDebugTable();k.table(pi,this._attributeInfos)(),k.table(pi,n)(),k.groupEnd(pi)(),this._logOpen=!1}}_drawCount=0;_logFramebuffer(e){let t=this.device.props.debugFramebuffers;if(this._drawCount++,!t)return;let n=e.props.framebuffer;y3(e,n,{id:n?.id||`${this.id}-framebuffer`,minimap:!0})}_getAttributeDebugTable(){let e={};for(let[t,n]of Object.entries(this._attributeInfos)){let i=this.vertexArray.attributes[n.location];e[n.location]={name:t,type:n.shaderType,values:i?this._getBufferOrConstantValues(i,n.bufferDataType):"null"}}if(this.vertexArray.indexBuffer){let{indexBuffer:t}=this.vertexArray,n=t.indexType==="uint32"?new Uint32Array(t.debugData):new Uint16Array(t.debugData);e.indices={name:"indices",type:t.indexType,values:n.toString()}}return e}_getBufferOrConstantValues(e,t){let n=Jt.getTypedArrayConstructor(t);return(e instanceof de?new n(e.debugData):e).toString()}_getNonMaterialBindings(e){if(!this.material)return e;let t={};for(let[n,i]of Object.entries(e))this.material.ownsBinding(n)||(t[n]=i);return t}_getCurrentShaderLayout(){return this.pipeline?.shaderLayout||this.props.shaderLayout||{bindings:[]}}_syncDynamicBuffers(){if(this._dynamicIndexBufferSource&&this._dynamicIndexBufferSource.generation!==this._dynamicIndexBufferSource.source.generation){let e=this._dynamicIndexBufferSource.source.buffer;this.indexBuffer=e,this.vertexArray.setIndexBuffer(e),this._dynamicIndexBufferSource.generation=this._dynamicIndexBufferSource.source.generation,this.setNeedsRedraw("dynamic index buffer")}for(let[e,t]of Object.entries(this._dynamicAttributeBufferSources))t.generation!==t.source.generation&&(this.vertexArray.setBuffer(Number(e),t.source.buffer),t.generation=t.source.generation,this.setNeedsRedraw("dynamic attribute buffer"))}_syncAttachmentFormats(e){if(this.device.type!=="webgpu")return;let t=e.framebuffer||e.props.framebuffer,n=e.props,i=n.colorAttachmentFormats??t?.colorAttachments?.map(s=>Qz(s?.texture?.format)),o=n.depthStencilAttachmentFormat===!1?void 0:n.depthStencilAttachmentFormat??Jz(t?.depthStencilAttachment?.texture?.format);(!Va(this._colorAttachmentFormats,i,1)||this._depthStencilAttachmentFormat!==o)&&(this._colorAttachmentFormats=i,this._depthStencilAttachmentFormat=o,this._setPipelineNeedsUpdate("attachment formats"))}}});var tG,rG,or,I3=S(()=>{se();Or();gb();tG=35980,rG=35981,or=class r{device;model;transformFeedback;static defaultProps={...qt.defaultProps,feedbackBufferMode:"separate",outputs:void 0,feedbackBuffers:void 0};static isSupported(e){return e?.info?.type==="webgl"}constructor(e,t=r.defaultProps){if(!r.isSupported(e))throw new Error("BufferTransform not yet implemented on WebGPU");this.device=e,this.model=new qt(this.device,{id:t.id||"buffer-transform-model",fs:t.fs||Hy(),topology:t.topology||"point-list",varyings:t.outputs||t.varyings,...t,bufferMode:t.bufferMode||(t.feedbackBufferMode==="interleaved"?tG:rG)}),this.transformFeedback=this.device.createTransformFeedback({layout:this.model.pipeline.shaderLayout,buffers:t.feedbackBuffers}),this.model.setTransformFeedback(this.transformFeedback)}destroy(){this.model&&this.model.destroy()}delete(){this.destroy()}run(e){e?.inputBuffers&&this.model.setAttributes(e.inputBuffers),e?.outputBuffers&&this.transformFeedback.setBuffers(e.outputBuffers);let t=this.device.beginRenderPass({discard:!0,...e});this.model.draw(t),t.end()}getBuffer(e){return this.transformFeedback.getBuffer(e)}readAsync(e){let t=this.getBuffer(e);if(!t)throw new Error("BufferTransform#getBuffer");if(t instanceof de)return t.readAsync();let{buffer:n,byteOffset:i=0,byteLength:o=n.byteLength}=t;return n.readAsync(i,o)}}});function iG(r){return{type:r.type,shaderLanguage:r.info.shadingLanguage,shaderLanguageVersion:r.info.shadingLanguageVersion,gpu:r.info.gpu,limits:r.limits,features:r.features}}var yb,nG,Kr,O3=S(()=>{se();Or();Ig();ub();ab();$a();yb=2,nG=1e4,Kr=class r{static defaultProps={...co.defaultProps,id:"unnamed",handle:void 0,userData:{},source:"",modules:[],defines:{},plugins:[],bindings:void 0,shaderInputs:void 0,pipelineFactory:void 0,shaderFactory:void 0,shaderAssembler:hn.getDefaultShaderAssembler("wgsl"),debugShaders:void 0};device;id;pipelineFactory;shaderFactory;userData={};bindings={};pipeline;source;shader;shaderInputs;_uniformStore;_pipelineNeedsUpdate="newly created";_getModuleUniforms;props;_destroyed=!1;constructor(e,t){if(e.type!=="webgpu")throw new Error("Computation is only supported in WebGPU");this.props={...r.defaultProps,...t},t=this.props,this.id=t.id||hi("model"),this.device=e,Object.assign(this.userData,t.userData);let n=iG(e),i=_l(this.props.plugins,n.shaderLanguage);if(Object.keys(i.vertexInputs).length>0||Object.keys(i.varyings).length>0)throw new Error("Computation does not support ShaderPlugin vertex inputs or varyings");let o=bl(this.props.modules,i.modules),s=Object.fromEntries(o.map(p=>[p.name,p]));this.shaderInputs=t.shaderInputs||new Ha(s),t.shaderInputs&&i.modules.length>0&&this.shaderInputs.addModules(i.modules),this.setShaderInputs(this.shaderInputs);let a=xh(this.props.modules,this.shaderInputs?.getModules()),c={...i.defines,...this.props.defines};this.props.shaderLayout=ja(this.props.shaderLayout,a)||null,this.pipelineFactory=t.pipelineFactory||es.getDefaultPipelineFactory(this.device),this.shaderFactory=t.shaderFactory||ts.getDefaultShaderFactory(this.device);let l=this.props.shaderAssembler;oo(l instanceof fo);let{source:f,getUniforms:u,shaderLayout:d}=l.assembleWGSLShader({platformInfo:n,...this.props,modules:a,defines:c,scanVertexAttributes:!1,pluginInjections:i.injections});this.source=f,this._getModuleUniforms=u;let h=d??e.getShaderLayout?.(this.source,{scanVertexAttributes:!1});this.props.shaderLayout=ja(this.props.shaderLayout||h||null,a)||null,this.pipeline=this._updatePipeline(),t.bindings&&this.setBindings(t.bindings)}destroy(){this._destroyed||(this.pipelineFactory.release(this.pipeline),this.shaderFactory.release(this.shader),this._uniformStore.destroy(),this._destroyed=!0)}predraw(e){this.updateShaderInputs(e)}dispatch(e,t,n,i){try{this._logDrawCallStart(),this._setPipeline(e),e.dispatch(t,n,i)}finally{this._logDrawCallEnd()}}dispatchIndirect(e,t,n=0){try{this._logDrawCallStart(),this._setPipeline(e),e.dispatchIndirect(t,n)}finally{this._logDrawCallEnd()}}_setPipeline(e){this.pipeline=this._updatePipeline(),this.pipeline.setBindings(this.bindings),e.setPipeline(this.pipeline),e.setBindings({})}setVertexCount(e){}setInstanceCount(e){}setShaderInputs(e){this.shaderInputs=e,this._uniformStore=new is(this.device,this.shaderInputs.modules);for(let[t,n]of Object.entries(this.shaderInputs.modules))if(Yl(n)){let i=this._uniformStore.getManagedUniformBuffer(t);this.bindings[`${t}Uniforms`]=i}}setShaderModuleProps(e){let t=this._getModuleUniforms(e),n=Object.keys(t).filter(o=>{let s=t[o];return!Yc(s)&&typeof s!="number"&&typeof s!="boolean"}),i={};for(let o of n)i[o]=t[o],delete t[o]}updateShaderInputs(e){this._uniformStore.setUniforms(this.shaderInputs.getUniformValues(),e)}setBindings(e){Object.assign(this.bindings,e)}_setPipelineNeedsUpdate(e){this._pipelineNeedsUpdate=this._pipelineNeedsUpdate||e}_updatePipeline(){if(this._pipelineNeedsUpdate){let e=null;this.pipeline&&(k.log(1,`Model ${this.id}: Recreating pipeline because "${this._pipelineNeedsUpdate}".`)(),e=this.shader),this._pipelineNeedsUpdate=!1,this.shader=this.shaderFactory.createShader({id:`${this.id}-fragment`,stage:"compute",source:this.source,debugShaders:this.props.debugShaders}),this.pipeline=this.pipelineFactory.createComputePipeline({...this.props,shader:this.shader}),e&&this.shaderFactory.release(e)}return this.pipeline}_lastLogTime=0;_logOpen=!1;_logDrawCallStart(){let e=k.level>3?0:nG;k.level<2||Date.now()-this._lastLogTime<e||(this._lastLogTime=Date.now(),this._logOpen=!0,k.group(yb,`>>> DRAWING MODEL ${this.id}`,{collapsed:k.level<=2})())}_logDrawCallEnd(){if(this._logOpen){let e=this.shaderInputs.getDebugTable();k.table(yb,e)(),k.groupEnd(yb)(),this._logOpen=!1}}_drawCount=0;_getBufferOrConstantValues(e,t){let n=Jt.getTypedArrayConstructor(t);return(e instanceof de?new n(e.debugData):e).toString()}}});var ut=S(()=>{o3();f3();gb();I3();_h();hb();O3()});function q3(r=!0){let e=HTMLCanvasElement.prototype;if(!r&&e.originalGetContext){e.getContext=e.originalGetContext,e.originalGetContext=void 0;return}e.originalGetContext=e.getContext,e.getContext=function(t,n){if(t==="webgl"||t==="experimental-webgl"){let i=this.originalGetContext("webgl2",n);return i instanceof HTMLElement&&kG(i),i}return this.originalGetContext(t,n)}}function kG(r){r.getExtension("EXT_color_buffer_float");let e={...RG,WEBGL_disjoint_timer_query:r.getExtension("EXT_disjoint_timer_query_webgl2"),WEBGL_draw_buffers:IG(r),OES_vertex_array_object:OG(r),ANGLE_instanced_arrays:BG(r)},t=r.getExtension.bind(r);r.getExtension=function(i){let o=t(i);return o||(i in e?e[i]:null)};let n=r.getSupportedExtensions;r.getSupportedExtensions=function(){return(n.apply(r)||[])?.concat(Object.keys(e))}}var RG,IG,OG,BG,Z3=S(()=>{RG={WEBGL_depth_texture:{UNSIGNED_INT_24_8_WEBGL:34042},OES_element_index_uint:{},OES_texture_float:{},OES_texture_half_float:{HALF_FLOAT_OES:5131},EXT_color_buffer_float:{},OES_standard_derivatives:{FRAGMENT_SHADER_DERIVATIVE_HINT_OES:35723},EXT_frag_depth:{},EXT_blend_minmax:{MIN_EXT:32775,MAX_EXT:32776},EXT_shader_texture_lod:{}},IG=r=>({drawBuffersWEBGL(e){return r.drawBuffers(e)},COLOR_ATTACHMENT0_WEBGL:36064,COLOR_ATTACHMENT1_WEBGL:36065,COLOR_ATTACHMENT2_WEBGL:36066,COLOR_ATTACHMENT3_WEBGL:36067}),OG=r=>({VERTEX_ARRAY_BINDING_OES:34229,createVertexArrayOES(){return r.createVertexArray()},deleteVertexArrayOES(e){return r.deleteVertexArray(e)},isVertexArrayOES(e){return r.isVertexArray(e)},bindVertexArrayOES(e){return r.bindVertexArray(e)}}),BG=r=>({VERTEX_ATTRIB_ARRAY_DIVISOR_ANGLE:35070,drawArraysInstancedANGLE(...e){return r.drawArraysInstanced(...e)},drawElementsInstancedANGLE(...e){return r.drawElementsInstanced(...e)},vertexAttribDivisorANGLE(...e){return r.vertexAttribDivisor(...e)}})});async function K3(){if(!Lh){Ab();return}await Lh.load()}function Q3(r,e){return Lh?Lh.makeDebugContext(r,e):(Ab(),r)}async function J3(r){if(!Lb){Ab();return}await Lb.load(r)}function eT(r){return Lb?.initialize(r)||null}function Ab(){X3||(X3=!0,k.warn("Import @luma.gl/webgl/debug before enabling WebGL debugging.")())}var Lh,Lb,X3,Cb=S(()=>{se();Lh=null,Lb=null,X3=!1});function Mb(r){return Array.isArray(r)||ArrayBuffer.isView(r)&&!(r instanceof DataView)}function yt(r,e,t){return e[r]!==void 0?e[r]:t[r]}var df,Mt,tT,Qr,rT,uf,nT,iT,Rb,yi,Ib,oT,Ob=S(()=>{df={3042:!1,32773:new Float32Array([0,0,0,0]),32777:32774,34877:32774,32969:1,32968:0,32971:1,32970:0,3106:new Float32Array([0,0,0,0]),3107:[!0,!0,!0,!0],2884:!1,2885:1029,2929:!1,2931:1,2932:513,2928:new Float32Array([0,1]),2930:!0,3024:!0,35725:null,36006:null,36007:null,34229:null,34964:null,2886:2305,33170:4352,2849:1,32823:!1,32824:0,10752:0,32926:!1,32928:!1,32938:1,32939:!1,3089:!1,3088:new Int32Array([0,0,1024,1024]),2960:!1,2961:0,2968:4294967295,36005:4294967295,2962:519,2967:0,2963:4294967295,34816:519,36003:0,36004:4294967295,2964:7680,2965:7680,2966:7680,34817:7680,34818:7680,34819:7680,2978:[0,0,1024,1024],36389:null,36662:null,36663:null,35053:null,35055:null,35723:4352,36010:null,35977:!1,3333:4,3317:4,37440:!1,37441:!1,37443:37444,3330:0,3332:0,3331:0,3314:0,32878:0,3316:0,3315:0,32877:0},Mt=(r,e,t)=>e?r.enable(t):r.disable(t),tT=(r,e,t)=>r.hint(t,e),Qr=(r,e,t)=>r.pixelStorei(t,e),rT=(r,e,t)=>{let n=t===36006?36009:36008;return r.bindFramebuffer(n,e)},uf=(r,e,t)=>{let i={34964:34962,36662:36662,36663:36663,35053:35051,35055:35052}[t];r.bindBuffer(i,e)};nT={3042:Mt,32773:(r,e)=>r.blendColor(...e),32777:"blendEquation",34877:"blendEquation",32969:"blendFunc",32968:"blendFunc",32971:"blendFunc",32970:"blendFunc",3106:(r,e)=>r.clearColor(...e),3107:(r,e)=>r.colorMask(...e),2884:Mt,2885:(r,e)=>r.cullFace(e),2929:Mt,2931:(r,e)=>r.clearDepth(e),2932:(r,e)=>r.depthFunc(e),2928:(r,e)=>r.depthRange(...e),2930:(r,e)=>r.depthMask(e),3024:Mt,35723:tT,35725:(r,e)=>r.useProgram(e),36007:(r,e)=>r.bindRenderbuffer(36161,e),36389:(r,e)=>r.bindTransformFeedback?.(36386,e),34229:(r,e)=>r.bindVertexArray(e),36006:rT,36010:rT,34964:uf,36662:uf,36663:uf,35053:uf,35055:uf,2886:(r,e)=>r.frontFace(e),33170:tT,2849:(r,e)=>r.lineWidth(e),32823:Mt,32824:"polygonOffset",10752:"polygonOffset",35977:Mt,32926:Mt,32928:Mt,32938:"sampleCoverage",32939:"sampleCoverage",3089:Mt,3088:(r,e)=>r.scissor(...e),2960:Mt,2961:(r,e)=>r.clearStencil(e),2968:(r,e)=>r.stencilMaskSeparate(1028,e),36005:(r,e)=>r.stencilMaskSeparate(1029,e),2962:"stencilFuncFront",2967:"stencilFuncFront",2963:"stencilFuncFront",34816:"stencilFuncBack",36003:"stencilFuncBack",36004:"stencilFuncBack",2964:"stencilOpFront",2965:"stencilOpFront",2966:"stencilOpFront",34817:"stencilOpBack",34818:"stencilOpBack",34819:"stencilOpBack",2978:(r,e)=>r.viewport(...e),34383:Mt,10754:Mt,12288:Mt,12289:Mt,12290:Mt,12291:Mt,12292:Mt,12293:Mt,12294:Mt,12295:Mt,3333:Qr,3317:Qr,37440:Qr,37441:Qr,37443:Qr,3330:Qr,3332:Qr,3331:Qr,3314:Qr,32878:Qr,3316:Qr,3315:Qr,32877:Qr,framebuffer:(r,e)=>{let t=e&&"handle"in e?e.handle:e;return r.bindFramebuffer(36160,t)},blend:(r,e)=>e?r.enable(3042):r.disable(3042),blendColor:(r,e)=>r.blendColor(...e),blendEquation:(r,e)=>{let t=typeof e=="number"?[e,e]:e;r.blendEquationSeparate(...t)},blendFunc:(r,e)=>{let t=e?.length===2?[...e,...e]:e;r.blendFuncSeparate(...t)},clearColor:(r,e)=>r.clearColor(...e),clearDepth:(r,e)=>r.clearDepth(e),clearStencil:(r,e)=>r.clearStencil(e),colorMask:(r,e)=>r.colorMask(...e),cull:(r,e)=>e?r.enable(2884):r.disable(2884),cullFace:(r,e)=>r.cullFace(e),depthTest:(r,e)=>e?r.enable(2929):r.disable(2929),depthFunc:(r,e)=>r.depthFunc(e),depthMask:(r,e)=>r.depthMask(e),depthRange:(r,e)=>r.depthRange(...e),dither:(r,e)=>e?r.enable(3024):r.disable(3024),derivativeHint:(r,e)=>{r.hint(35723,e)},frontFace:(r,e)=>r.frontFace(e),mipmapHint:(r,e)=>r.hint(33170,e),lineWidth:(r,e)=>r.lineWidth(e),polygonOffsetFill:(r,e)=>e?r.enable(32823):r.disable(32823),polygonOffset:(r,e)=>r.polygonOffset(...e),sampleCoverage:(r,e)=>r.sampleCoverage(e[0],e[1]||!1),scissorTest:(r,e)=>e?r.enable(3089):r.disable(3089),scissor:(r,e)=>r.scissor(...e),stencilTest:(r,e)=>e?r.enable(2960):r.disable(2960),stencilMask:(r,e)=>{e=Mb(e)?e:[e,e];let[t,n]=e;r.stencilMaskSeparate(1028,t),r.stencilMaskSeparate(1029,n)},stencilFunc:(r,e)=>{e=Mb(e)&&e.length===3?[...e,...e]:e;let[t,n,i,o,s,a]=e;r.stencilFuncSeparate(1028,t,n,i),r.stencilFuncSeparate(1029,o,s,a)},stencilOp:(r,e)=>{e=Mb(e)&&e.length===3?[...e,...e]:e;let[t,n,i,o,s,a]=e;r.stencilOpSeparate(1028,t,n,i),r.stencilOpSeparate(1029,o,s,a)},viewport:(r,e)=>r.viewport(...e)};iT={blendEquation:(r,e,t)=>r.blendEquationSeparate(yt(32777,e,t),yt(34877,e,t)),blendFunc:(r,e,t)=>r.blendFuncSeparate(yt(32969,e,t),yt(32968,e,t),yt(32971,e,t),yt(32970,e,t)),polygonOffset:(r,e,t)=>r.polygonOffset(yt(32824,e,t),yt(10752,e,t)),sampleCoverage:(r,e,t)=>r.sampleCoverage(yt(32938,e,t),yt(32939,e,t)),stencilFuncFront:(r,e,t)=>r.stencilFuncSeparate(1028,yt(2962,e,t),yt(2967,e,t),yt(2963,e,t)),stencilFuncBack:(r,e,t)=>r.stencilFuncSeparate(1029,yt(34816,e,t),yt(36003,e,t),yt(36004,e,t)),stencilOpFront:(r,e,t)=>r.stencilOpSeparate(1028,yt(2964,e,t),yt(2965,e,t),yt(2966,e,t)),stencilOpBack:(r,e,t)=>r.stencilOpSeparate(1029,yt(34817,e,t),yt(34818,e,t),yt(34819,e,t))},Rb={enable:(r,e)=>r({[e]:!0}),disable:(r,e)=>r({[e]:!1}),pixelStorei:(r,e,t)=>r({[e]:t}),hint:(r,e,t)=>r({[e]:t}),useProgram:(r,e)=>r({35725:e}),bindRenderbuffer:(r,e,t)=>r({36007:t}),bindTransformFeedback:(r,e,t)=>r({36389:t}),bindVertexArray:(r,e)=>r({34229:e}),bindFramebuffer:(r,e,t)=>{switch(e){case 36160:return r({36006:t,36010:t});case 36009:return r({36006:t});case 36008:return r({36010:t});default:return null}},bindBuffer:(r,e,t)=>{let n={34962:[34964],36662:[36662],36663:[36663],35051:[35053],35052:[35055]}[e];return n?r({[n]:t}):{valueChanged:!0}},blendColor:(r,e,t,n,i)=>r({32773:new Float32Array([e,t,n,i])}),blendEquation:(r,e)=>r({32777:e,34877:e}),blendEquationSeparate:(r,e,t)=>r({32777:e,34877:t}),blendFunc:(r,e,t)=>r({32969:e,32968:t,32971:e,32970:t}),blendFuncSeparate:(r,e,t,n,i)=>r({32969:e,32968:t,32971:n,32970:i}),clearColor:(r,e,t,n,i)=>r({3106:new Float32Array([e,t,n,i])}),clearDepth:(r,e)=>r({2931:e}),clearStencil:(r,e)=>r({2961:e}),colorMask:(r,e,t,n,i)=>r({3107:[e,t,n,i]}),cullFace:(r,e)=>r({2885:e}),depthFunc:(r,e)=>r({2932:e}),depthRange:(r,e,t)=>r({2928:new Float32Array([e,t])}),depthMask:(r,e)=>r({2930:e}),frontFace:(r,e)=>r({2886:e}),lineWidth:(r,e)=>r({2849:e}),polygonOffset:(r,e,t)=>r({32824:e,10752:t}),sampleCoverage:(r,e,t)=>r({32938:e,32939:t}),scissor:(r,e,t,n,i)=>r({3088:new Int32Array([e,t,n,i])}),stencilMask:(r,e)=>r({2968:e,36005:e}),stencilMaskSeparate:(r,e,t)=>r({[e===1028?2968:36005]:t}),stencilFunc:(r,e,t,n)=>r({2962:e,2967:t,2963:n,34816:e,36003:t,36004:n}),stencilFuncSeparate:(r,e,t,n,i)=>r({[e===1028?2962:34816]:t,[e===1028?2967:36003]:n,[e===1028?2963:36004]:i}),stencilOp:(r,e,t,n)=>r({2964:e,2965:t,2966:n,34817:e,34818:t,34819:n}),stencilOpSeparate:(r,e,t,n,i)=>r({[e===1028?2964:34817]:t,[e===1028?2965:34818]:n,[e===1028?2966:34819]:i}),viewport:(r,e,t,n,i)=>r({2978:[e,t,n,i]})},yi=(r,e)=>r.isEnabled(e),Ib={3042:yi,2884:yi,2929:yi,3024:yi,32823:yi,32926:yi,32928:yi,3089:yi,2960:yi,35977:yi},oT=new Set([34016,36388,36387,35983,35368,34965,35739,35738,3074,34853,34854,34855,34856,34857,34858,34859,34860,34861,34862,34863,34864,34865,34866,34867,34868,35097,32873,35869,32874,34068])});function Dn(r,e){if(DG(e))return;let t={};for(let i in e){let o=Number(i),s=nT[i];s&&(typeof s=="string"?t[s]=!0:s(r,e[i],o))}let n=r.lumaState?.cache;if(n)for(let i in t){let o=iT[i];o(r,e,n)}}function Ah(r,e=df){if(typeof e=="number"){let i=e,o=Ib[i];return o?o(r,i):r.getParameter(i)}let t=Array.isArray(e)?e:Object.keys(e),n={};for(let i of t){let o=Ib[i];n[i]=o?o(r,Number(i)):r.getParameter(Number(i))}return n}function sT(r){Dn(r,df)}function DG(r){for(let e in r)return!1;return!0}var Ka=S(()=>{Ob()});function cT(r,e){if(r===e)return!0;if(aT(r)&&aT(e)&&r.length===e.length){for(let t=0;t<r.length;++t)if(r[t]!==e[t])return!1;return!0}return!1}function aT(r){return Array.isArray(r)||ArrayBuffer.isView(r)}var lT=S(()=>{});function fT(r,e){let t=r[e].bind(r);r[e]=function(i){if(i===void 0||oT.has(i))return t(i);let o=Nn.get(r);return i in o.cache||(o.cache[i]=t(i)),o.enable?o.cache[i]:t(i)},Object.defineProperty(r[e],"name",{value:`${e}-from-cache`,configurable:!1})}function NG(r,e,t){if(!r[e])return;let n=r[e].bind(r);r[e]=function(...o){let s=Nn.get(r),{valueChanged:a,oldValue:c}=t(s._updateCache,...o);return a&&n(...o),c},Object.defineProperty(r[e],"name",{value:`${e}-to-cache`,configurable:!1})}function FG(r){let e=r.useProgram.bind(r);r.useProgram=function(n){let i=Nn.get(r);i.program!==n&&(e(n),i.program=n)}}var Nn,Bb=S(()=>{Ka();lT();Ob();Nn=class{static get(e){return e.lumaState}gl;program=null;stateStack=[];enable=!0;cache=null;log;initialized=!1;constructor(e,t){this.gl=e,this.log=t?.log||(()=>{}),this._updateCache=this._updateCache.bind(this),Object.seal(this)}push(e={}){this.stateStack.push({})}pop(){let e=this.stateStack[this.stateStack.length-1];Dn(this.gl,e),this.stateStack.pop()}trackState(e,t){if(this.cache=t?.copyState?Ah(e):Object.assign({},df),this.initialized)throw new Error("WebGLStateTracker");this.initialized=!0,this.gl.lumaState=this,FG(e);for(let n in Rb){let i=Rb[n];NG(e,n,i)}fT(e,"getParameter"),fT(e,"isEnabled")}_updateCache(e){let t=!1,n,i=this.stateStack.length>0?this.stateStack[this.stateStack.length-1]:null;for(let o in e){let s=e[o],a=this.cache[o];cT(s,a)||(t=!0,n=a,i&&!(o in i)&&(i[o]=a),this.cache[o]=s)}return{valueChanged:t,oldValue:n}}}});function hf(r){let e=r.luma||{_polyfilled:!1,extensions:{},softwareRenderer:!1};return e._polyfilled??=!1,e.extensions||={},r.luma=e,e}var kb=S(()=>{});function uT(r,e,t){let n="",i=c=>{let l=c.statusMessage;l&&(n||=l)};r.addEventListener("webglcontextcreationerror",i,!1);let o=t.failIfMajorPerformanceCaveat!==!0,s={preserveDrawingBuffer:!0,...t,failIfMajorPerformanceCaveat:!0},a=null;try{a||=r.getContext("webgl2",s),!a&&s.failIfMajorPerformanceCaveat&&(n||="Only software GPU is available. Set `failIfMajorPerformanceCaveat: false` to allow.");let c=!1;if(!a&&o&&(s.failIfMajorPerformanceCaveat=!1,a=r.getContext("webgl2",s),c=!0),a||(a=r.getContext("webgl",{}),a&&(a=null,n||="Your browser only supports WebGL1")),!a)throw n||="Your browser does not support WebGL",new Error(`Failed to create WebGL context: ${n}`);let l=hf(a);l.softwareRenderer=c;let{onContextLost:f,onContextRestored:u}=e;return r.addEventListener("webglcontextlost",d=>f(d),!1),r.addEventListener("webglcontextrestored",d=>u(d),!1),a}finally{r.removeEventListener("webglcontextcreationerror",i,!1)}}var dT=S(()=>{kb()});function Fn(r,e,t){return t[e]===void 0&&(t[e]=r.getExtension(e)||null),t[e]}var pf=S(()=>{});function hT(r,e){let t=r.getParameter(7936),n=r.getParameter(7937);Fn(r,"WEBGL_debug_renderer_info",e);let i=e.WEBGL_debug_renderer_info,o=r.getParameter(i?i.UNMASKED_VENDOR_WEBGL:7936),s=r.getParameter(i?i.UNMASKED_RENDERER_WEBGL:7937),a=o||t,c=s||n,l=r.getParameter(7938),f=pT(a,c),u=UG(a,c),d=zG(a,c);return{type:"webgl",gpu:f,gpuType:d,gpuBackend:u,vendor:a,renderer:c,version:l,shadingLanguage:"glsl",shadingLanguageVersion:300}}function pT(r,e){return/NVIDIA/i.exec(r)||/NVIDIA/i.exec(e)?"nvidia":/INTEL/i.exec(r)||/INTEL/i.exec(e)?"intel":/Apple/i.exec(r)||/Apple/i.exec(e)?"apple":/AMD/i.exec(r)||/AMD/i.exec(e)||/ATI/i.exec(r)||/ATI/i.exec(e)?"amd":/SwiftShader/i.exec(r)||/SwiftShader/i.exec(e)?"software":"unknown"}function UG(r,e){return/Metal/i.exec(r)||/Metal/i.exec(e)?"metal":/ANGLE/i.exec(r)||/ANGLE/i.exec(e)?"opengl":"unknown"}function zG(r,e){if(/SwiftShader/i.exec(r)||/SwiftShader/i.exec(e))return"cpu";switch(pT(r,e)){case"apple":return GG(r,e)?"integrated":"unknown";case"intel":return"integrated";case"software":return"cpu";case"unknown":return"unknown";default:return"discrete"}}function GG(r,e){return/Apple (M\d|A\d|GPU)/i.test(`${r} ${e}`)}var mT=S(()=>{pf()});function Ch(r){switch(r){case"uint8":return 5121;case"sint8":return 5120;case"unorm8":return 5121;case"snorm8":return 5120;case"uint16":return 5123;case"sint16":return 5122;case"unorm16":return 5123;case"snorm16":return 5122;case"uint32":return 5125;case"sint32":return 5124;case"float16":return 5131;case"float32":return 5126}throw new Error(String(r))}var Db=S(()=>{});function _T(r){return r in Rh}function Gb(r,e,t){return bT(r,e,t,new Set)}function bT(r,e,t,n){let i=Rh[e];if(!i||n.has(e))return!1;n.add(e);let o=(i.features||[]).every(s=>bT(r,s,t,n));return n.delete(e),o?(i.extensions||[]).every(s=>!!Fn(r,s,t)):!1}function xT(r,e,t){let n=e.create,i=Ih[e.format];i?.gl===void 0&&(n=!1),i?.x&&(n=n&&!!Fn(r,i.x,t)),e.format==="stencil8"&&(n=!1);let o=i?.r===!1?!1:i?.r===void 0||Gb(r,i.r,t),s=n&&e.render&&o&&ZG(r,e.format,t);return{format:e.format,create:n&&e.create,render:s,filter:n&&e.filter,blend:n&&e.blend,store:n&&e.store}}function ZG(r,e,t){let n=Ih[e],i=n?.gl;if(i===void 0||n?.x&&!Fn(r,n.x,t))return!1;let o=r.getParameter(32873),s=r.getParameter(36006),a=r.createTexture(),c=r.createFramebuffer();if(!a||!c)return!1;let l=0,f=Number(r.getError());for(;f!==l;)f=r.getError();let u=!1;try{if(r.bindTexture(3553,a),r.texStorage2D(3553,1,i,1,1),Number(r.getError())!==l)return!1;r.bindFramebuffer(36160,c),r.framebufferTexture2D(36160,36064,3553,a,0),u=Number(r.checkFramebufferStatus(36160))===36053&&Number(r.getError())===l}finally{r.bindFramebuffer(36160,s),r.deleteFramebuffer(c),r.bindTexture(3553,o),r.deleteTexture(a)}return u}function Oh(r){let e=Ih[r],t=KG(r),n=wr.getInfo(r);return n.compressed&&(e.dataFormat=t),{internalFormat:t,format:e?.dataFormat||XG(n.channels,n.integer,n.normalized,t),type:n.dataType?Ch(n.dataType):e?.types?.[0]||5121,compressed:n.compressed||!1}}function vT(r){switch(wr.getInfo(r).attachment){case"depth":return 36096;case"stencil":return 36128;case"depth-stencil":return 33306;default:throw new Error(`Not a depth stencil format: ${r}`)}}function XG(r,e,t,n){if(n===6408||n===6407)return n;switch(r){case"r":return e&&!t?36244:6403;case"rg":return e&&!t?33320:33319;case"rgb":return e&&!t?36248:6407;case"rgba":return e&&!t?36249:6408;case"bgra":throw new Error("bgra pixels not supported by WebGL");default:return 6408}}function KG(r){let t=Ih[r]?.gl;if(t===void 0)throw new Error(`Unsupported texture format ${r}`);return t}var mf,gf,Qa,Ja,$G,VG,WG,jG,HG,YG,gT,yT,Nb,Fb,Ub,zb,Mh,qG,Rh,Ih,ec=S(()=>{se();pf();Db();mf="WEBGL_compressed_texture_s3tc",gf="WEBGL_compressed_texture_s3tc_srgb",Qa="EXT_texture_compression_rgtc",Ja="EXT_texture_compression_bptc",$G="WEBGL_compressed_texture_etc",VG="WEBGL_compressed_texture_astc",WG="WEBGL_compressed_texture_etc1",jG="WEBGL_compressed_texture_pvrtc",HG="WEBGL_compressed_texture_atc",YG="EXT_texture_norm16",gT="EXT_render_snorm",yT="EXT_color_buffer_float",Nb="snorm8-renderable-webgl",Fb="norm16-renderable-webgl",Ub="snorm16-renderable-webgl",zb="float16-renderable-webgl",Mh="float32-renderable-webgl",qG="rgb9e5ufloat-renderable-webgl",Rh={"float32-renderable-webgl":{extensions:[yT]},"float16-renderable-webgl":{extensions:["EXT_color_buffer_half_float"]},"rgb9e5ufloat-renderable-webgl":{extensions:["WEBGL_render_shared_exponent"]},"snorm8-renderable-webgl":{extensions:[gT]},"norm16-webgl":{extensions:[YG]},"norm16-renderable-webgl":{features:["norm16-webgl"]},"snorm16-renderable-webgl":{features:["norm16-webgl"],extensions:[gT]},"float32-filterable":{extensions:["OES_texture_float_linear"]},"float16-filterable-webgl":{extensions:["OES_texture_half_float_linear"]},"texture-filterable-anisotropic-webgl":{extensions:["EXT_texture_filter_anisotropic"]},"texture-blend-float-webgl":{extensions:["EXT_float_blend"]},"texture-compression-bc":{extensions:[mf,gf,Qa,Ja]},"texture-compression-bc5-webgl":{extensions:[Qa]},"texture-compression-bc7-webgl":{extensions:[Ja]},"texture-compression-etc2":{extensions:[$G]},"texture-compression-astc":{extensions:[VG]},"texture-compression-etc1-webgl":{extensions:[WG]},"texture-compression-pvrtc-webgl":{extensions:[jG]},"texture-compression-atc-webgl":{extensions:[HG]}};Ih={r8unorm:{gl:33321,rb:!0},r8snorm:{gl:36756,r:Nb},r8uint:{gl:33330,rb:!0},r8sint:{gl:33329,rb:!0},rg8unorm:{gl:33323,rb:!0},rg8snorm:{gl:36757,r:Nb},rg8uint:{gl:33336,rb:!0},rg8sint:{gl:33335,rb:!0},r16uint:{gl:33332,rb:!0},r16sint:{gl:33331,rb:!0},r16float:{gl:33325,rb:!0,r:zb},r16unorm:{gl:33322,rb:!0,r:Fb},r16snorm:{gl:36760,r:Ub},"rgba4unorm-webgl":{gl:32854,rb:!0},"rgb565unorm-webgl":{gl:36194,rb:!0},"rgb5a1unorm-webgl":{gl:32855,rb:!0},"rgb8unorm-webgl":{gl:32849},"rgb8snorm-webgl":{gl:36758},rgba8unorm:{gl:32856},"rgba8unorm-srgb":{gl:35907},rgba8snorm:{gl:36759,r:Nb},rgba8uint:{gl:36220},rgba8sint:{gl:36238},bgra8unorm:{},"bgra8unorm-srgb":{},rg16uint:{gl:33338},rg16sint:{gl:33337},rg16float:{gl:33327,rb:!0,r:zb},rg16unorm:{gl:33324,r:Fb},rg16snorm:{gl:36761,r:Ub},r32uint:{gl:33334,rb:!0},r32sint:{gl:33333,rb:!0},r32float:{gl:33326,r:Mh},rgb9e5ufloat:{gl:35901,r:qG},rg11b10ufloat:{gl:35898,rb:!0},rgb10a2unorm:{gl:32857,rb:!0},rgb10a2uint:{gl:36975,rb:!0},"rgb16unorm-webgl":{gl:32852,r:!1},"rgb16snorm-webgl":{gl:36762,r:!1},rg32uint:{gl:33340,rb:!0},rg32sint:{gl:33339,rb:!0},rg32float:{gl:33328,rb:!0,r:Mh},rgba16uint:{gl:36214,rb:!0},rgba16sint:{gl:36232,rb:!0},rgba16float:{gl:34842,r:zb},rgba16unorm:{gl:32859,rb:!0,r:Fb},rgba16snorm:{gl:36763,r:Ub},"rgb32float-webgl":{gl:34837,x:yT,r:Mh,dataFormat:6407,types:[5126]},rgba32uint:{gl:36208,rb:!0},rgba32sint:{gl:36226,rb:!0},rgba32float:{gl:34836,rb:!0,r:Mh},stencil8:{gl:36168,rb:!0},depth16unorm:{gl:33189,dataFormat:6402,types:[5123],rb:!0},depth24plus:{gl:33190,dataFormat:6402,types:[5125]},depth32float:{gl:36012,dataFormat:6402,types:[5126],rb:!0},"depth24plus-stencil8":{gl:35056,rb:!0,depthTexture:!0,dataFormat:34041,types:[34042]},"depth32float-stencil8":{gl:36013,dataFormat:34041,types:[36269],rb:!0},"bc1-rgb-unorm-webgl":{gl:33776,x:mf},"bc1-rgb-unorm-srgb-webgl":{gl:35916,x:gf},"bc1-rgba-unorm":{gl:33777,x:mf},"bc1-rgba-unorm-srgb":{gl:35916,x:gf},"bc2-rgba-unorm":{gl:33778,x:mf},"bc2-rgba-unorm-srgb":{gl:35918,x:gf},"bc3-rgba-unorm":{gl:33779,x:mf},"bc3-rgba-unorm-srgb":{gl:35919,x:gf},"bc4-r-unorm":{gl:36283,x:Qa},"bc4-r-snorm":{gl:36284,x:Qa},"bc5-rg-unorm":{gl:36285,x:Qa},"bc5-rg-snorm":{gl:36286,x:Qa},"bc6h-rgb-ufloat":{gl:36495,x:Ja},"bc6h-rgb-float":{gl:36494,x:Ja},"bc7-rgba-unorm":{gl:36492,x:Ja},"bc7-rgba-unorm-srgb":{gl:36493,x:Ja},"etc2-rgb8unorm":{gl:37492},"etc2-rgb8unorm-srgb":{gl:37494},"etc2-rgb8a1unorm":{gl:37496},"etc2-rgb8a1unorm-srgb":{gl:37497},"etc2-rgba8unorm":{gl:37493},"etc2-rgba8unorm-srgb":{gl:37495},"eac-r11unorm":{gl:37488},"eac-r11snorm":{gl:37489},"eac-rg11unorm":{gl:37490},"eac-rg11snorm":{gl:37491},"astc-4x4-unorm":{gl:37808},"astc-4x4-unorm-srgb":{gl:37840},"astc-5x4-unorm":{gl:37809},"astc-5x4-unorm-srgb":{gl:37841},"astc-5x5-unorm":{gl:37810},"astc-5x5-unorm-srgb":{gl:37842},"astc-6x5-unorm":{gl:37811},"astc-6x5-unorm-srgb":{gl:37843},"astc-6x6-unorm":{gl:37812},"astc-6x6-unorm-srgb":{gl:37844},"astc-8x5-unorm":{gl:37813},"astc-8x5-unorm-srgb":{gl:37845},"astc-8x6-unorm":{gl:37814},"astc-8x6-unorm-srgb":{gl:37846},"astc-8x8-unorm":{gl:37815},"astc-8x8-unorm-srgb":{gl:37847},"astc-10x5-unorm":{gl:37816},"astc-10x5-unorm-srgb":{gl:37848},"astc-10x6-unorm":{gl:37817},"astc-10x6-unorm-srgb":{gl:37849},"astc-10x8-unorm":{gl:37818},"astc-10x8-unorm-srgb":{gl:37850},"astc-10x10-unorm":{gl:37819},"astc-10x10-unorm-srgb":{gl:37851},"astc-12x10-unorm":{gl:37820},"astc-12x10-unorm-srgb":{gl:37852},"astc-12x12-unorm":{gl:37821},"astc-12x12-unorm-srgb":{gl:37853},"pvrtc-rgb4unorm-webgl":{gl:35840},"pvrtc-rgba4unorm-webgl":{gl:35842},"pvrtc-rgb2unorm-webgl":{gl:35841},"pvrtc-rgba2unorm-webgl":{gl:35843},"etc1-rbg-unorm-webgl":{gl:36196},"atc-rgb-unorm-webgl":{gl:35986},"atc-rgba-unorm-webgl":{gl:35986},"atc-rgbai-unorm-webgl":{gl:34798}}});var wT,Bh,ET=S(()=>{se();pf();ec();wT={"depth-clip-control":"EXT_depth_clamp","timestamp-query":"EXT_disjoint_timer_query_webgl2","compilation-status-async-webgl":"KHR_parallel_shader_compile","html-in-canvas":r=>py()&&typeof r.texElementImage2D=="function","polygon-mode-webgl":"WEBGL_polygon_mode","provoking-vertex-webgl":"WEBGL_provoking_vertex","shader-clip-cull-distance-webgl":"WEBGL_clip_cull_distance","shader-noperspective-interpolation-webgl":"NV_shader_noperspective_interpolation","shader-conservative-depth-webgl":"EXT_conservative_depth"},Bh=class extends nl{gl;extensions;testedFeatures=new Set;constructor(e,t,n){super([],n),this.gl=e,this.extensions=t,Fn(e,"EXT_color_buffer_float",t)}*[Symbol.iterator](){let e=this.getFeatures();for(let t of e)this.has(t)&&(yield t);return[]}has(e){return this.disabledFeatures?.[e]?!1:(this.testedFeatures.has(e)||(this.testedFeatures.add(e),_T(e)&&Gb(this.gl,e,this.extensions)&&this.features.add(e),this.getWebGLFeature(e)&&this.features.add(e)),this.features.has(e))}initializeFeatures(){let e=this.getFeatures().filter(t=>t!=="polygon-mode-webgl");for(let t of e)this.has(t)}getFeatures(){return[...Object.keys(wT),...Object.keys(Rh)]}getWebGLFeature(e){let t=wT[e];return typeof t=="string"?!!Fn(this.gl,t,this.extensions):typeof t=="function"?t(this.gl):!!t}}});var kh,PT=S(()=>{se();kh=class extends rl{get maxTextureDimension1D(){return 0}get maxTextureDimension2D(){return this.getParameter(3379)}get maxTextureDimension3D(){return this.getParameter(32883)}get maxTextureArrayLayers(){return this.getParameter(35071)}get maxBindGroups(){return 0}get maxBindGroupsPlusVertexBuffers(){return 0}get maxBindingsPerBindGroup(){return 0}get maxDynamicUniformBuffersPerPipelineLayout(){return 0}get maxDynamicStorageBuffersPerPipelineLayout(){return 0}get maxSampledTexturesPerShaderStage(){return this.getParameter(35660)}get maxSamplersPerShaderStage(){return this.getParameter(35661)}get maxStorageBuffersPerShaderStage(){return 0}get maxStorageBuffersInVertexStage(){return 0}get maxStorageBuffersInFragmentStage(){return 0}get maxStorageTexturesPerShaderStage(){return 0}get maxStorageTexturesInVertexStage(){return 0}get maxStorageTexturesInFragmentStage(){return 0}get maxUniformBuffersPerShaderStage(){return this.getParameter(35375)}get maxUniformBufferBindingSize(){return this.getParameter(35376)}get maxStorageBufferBindingSize(){return 0}get maxBufferSize(){return Number.MAX_SAFE_INTEGER}get minUniformBufferOffsetAlignment(){return this.getParameter(35380)}get minStorageBufferOffsetAlignment(){return 0}get maxVertexBuffers(){return 16}get maxVertexAttributes(){return this.getParameter(34921)}get maxVertexBufferArrayStride(){return 2048}get maxInterStageShaderVariables(){return this.getParameter(35659)}get maxColorAttachments(){return this.getParameter(36063)}get maxColorAttachmentBytesPerSample(){return 0}get maxComputeWorkgroupStorageSize(){return 0}get maxComputeInvocationsPerWorkgroup(){return 0}get maxComputeWorkgroupSizeX(){return 0}get maxComputeWorkgroupSizeY(){return 0}get maxComputeWorkgroupSizeZ(){return 0}get maxComputeWorkgroupsPerDimension(){return 0}gl;limits={};constructor(e){super(),this.gl=e}getParameter(e){return this.limits[e]===void 0&&(this.limits[e]=this.gl.getParameter(e)),this.limits[e]||0}}});function QG(r){return r<34069?r+34069:r}function JG(r){switch(r){case 36053:return"success";case 36054:return"Mismatched attachments";case 36055:return"No attachments";case 36057:return"Height/width mismatch";case 36061:return"Unsupported or split attachments";case 36182:return"Samples mismatch";default:return`${r}`}}var _i,Dh=S(()=>{se();ec();_i=class extends Jo{device;gl;handle;colorAttachments=[];depthStencilAttachment=null;constructor(e,t){super(e,t);let n=t.handle,i=n===null;this.device=e,this.gl=e.gl,this.handle=n||i?n:this.gl.createFramebuffer(),i||(e._setWebGLDebugMetadata(this.handle,this,{spector:this.props}),t.handle||(this.autoCreateAttachmentTextures(),this.updateAttachments()))}destroy(){super.destroy(),!this.destroyed&&this.handle!==null&&!this.props.handle&&this.gl.deleteFramebuffer(this.handle)}updateAttachments(){let e=this.gl.bindFramebuffer(36160,this.handle);for(let t=0;t<this.colorAttachments.length;++t){let n=this.colorAttachments[t];if(n){let i=36064+t;this._attachTextureView(i,n)}}if(this.depthStencilAttachment){let t=vT(this.depthStencilAttachment.props.format);this._attachTextureView(t,this.depthStencilAttachment)}if(this.device.props.debug){let t=this.gl.checkFramebufferStatus(36160);if(t!==36053)throw new Error(`Framebuffer ${JG(t)}`)}this.gl.bindFramebuffer(36160,e)}_attachTextureView(e,t){let{gl:n}=this.device,{texture:i}=t,o=t.props.baseMipLevel,s=t.props.baseArrayLayer;switch(n.bindTexture(i.glTarget,i.handle),i.glTarget){case 35866:case 32879:n.framebufferTextureLayer(36160,e,i.handle,o,s);break;case 34067:let a=QG(s);n.framebufferTexture2D(36160,e,a,i.handle,o);break;case 3553:n.framebufferTexture2D(36160,e,3553,i.handle,o);break;default:throw new Error("Illegal texture type")}n.bindTexture(i.glTarget,null)}resizeAttachments(e,t){if(this.handle===null){this.width=e,this.height=t;return}super.resizeAttachments(e,t)}}});var Nh,ST=S(()=>{se();Dh();Nh=class extends il{device;handle=null;_framebuffer=null;get[Symbol.toStringTag](){return"WebGLCanvasContext"}constructor(e,t){super(t),this.device=e,this._setAutoCreatedCanvasId(`${this.device.id}-canvas`),this._configureDevice()}_configureDevice(){(this.drawingBufferWidth!==this._framebuffer?.width||this.drawingBufferHeight!==this._framebuffer?.height)&&this._framebuffer?.resize([this.drawingBufferWidth,this.drawingBufferHeight])}_getCurrentFramebuffer(){return this._framebuffer||=new _i(this.device,{id:"canvas-context-framebuffer",handle:null,width:this.drawingBufferWidth,height:this.drawingBufferHeight}),this._framebuffer}}});var Fh,TT=S(()=>{se();Fh=class extends ol{device;handle=null;context2d;get[Symbol.toStringTag](){return"WebGLPresentationContext"}constructor(e,t={}){super(t),this.device=e;let n=`${this[Symbol.toStringTag]}(${this.id})`;if(!this.device.getDefaultCanvasContext().offscreenCanvas)throw new Error(`${n}: WebGL PresentationContext requires the default CanvasContext canvas to be an OffscreenCanvas`);let o=this.canvas.getContext("2d");if(!o)throw new Error(`${n}: Failed to create 2d presentation context`);this.context2d=o,this._setAutoCreatedCanvasId(`${this.device.id}-presentation-canvas`),this._configureDevice(),this._startObservers()}present(){this._resizeDrawingBufferIfNeeded(),this.device.submit();let e=this.device.getDefaultCanvasContext(),[t,n]=e.getDrawingBufferSize();if(!(this.drawingBufferWidth===0||this.drawingBufferHeight===0||t===0||n===0||e.canvas.width===0||e.canvas.height===0)){if(t!==this.drawingBufferWidth||n!==this.drawingBufferHeight||e.canvas.width!==this.drawingBufferWidth||e.canvas.height!==this.drawingBufferHeight)throw new Error(`${this[Symbol.toStringTag]}(${this.id}): Default canvas context size ${t}x${n} does not match presentation size ${this.drawingBufferWidth}x${this.drawingBufferHeight}`);this.context2d.clearRect(0,0,this.drawingBufferWidth,this.drawingBufferHeight),this.context2d.drawImage(e.canvas,0,0)}}_configureDevice(){}_getCurrentFramebuffer(e){let t=this.device.getDefaultCanvasContext();return t.setDrawingBufferSize(this.drawingBufferWidth,this.drawingBufferHeight),t.getCurrentFramebuffer(e)}}});function LT(r="id"){$b[r]=$b[r]||1;let e=$b[r]++;return`${r}-${e}`}var $b,AT=S(()=>{$b={}});function e$(r){return r&de.INDEX?34963:r&de.VERTEX?34962:r&de.UNIFORM?35345:34962}function t$(r){return r&de.INDEX||r&de.VERTEX?35044:r&de.UNIFORM?35048:35044}var Un,Uh=S(()=>{se();Un=class extends de{device;gl;handle;glTarget;glUsage;glIndexType=5123;byteLength=0;bytesUsed=0;constructor(e,t={}){super(e,t),this.device=e,this.gl=this.device.gl;let n=typeof t=="object"?t.handle:void 0;this.handle=n||this.gl.createBuffer(),e._setWebGLDebugMetadata(this.handle,this,{spector:{...this.props,data:typeof this.props.data}}),this.glTarget=e$(this.props.usage),this.glUsage=t$(this.props.usage),this.glIndexType=this.props.indexType==="uint32"?5125:5123,t.data?this._initWithData(t.data,t.byteOffset,t.byteLength):this._initWithByteLength(t.byteLength||0)}destroy(){!this.destroyed&&this.handle&&(this.removeStats(),this.props.handle?this.trackDeallocatedReferencedMemory("Buffer"):(this.trackDeallocatedMemory(),this.gl.deleteBuffer(this.handle)),this.destroyed=!0,this.handle=null)}_initWithData(e,t=0,n=e.byteLength+t){let i=this.glTarget;this.gl.bindBuffer(i,this.handle),this.gl.bufferData(i,n,this.glUsage),this.gl.bufferSubData(i,t,e),this.gl.bindBuffer(i,null),this.bytesUsed=n,this.byteLength=n,this._setDebugData(e,t,n),this.props.handle?this.trackReferencedMemory(n,"Buffer"):this.trackAllocatedMemory(n)}_initWithByteLength(e){let t=e;e===0&&(t=new Float32Array(0));let n=this.glTarget;return this.gl.bindBuffer(n,this.handle),this.gl.bufferData(n,t,this.glUsage),this.gl.bindBuffer(n,null),this.bytesUsed=e,this.byteLength=e,this._setDebugData(null,0,e),this.props.handle?this.trackReferencedMemory(e,"Buffer"):this.trackAllocatedMemory(e),this}write(e,t=0){let n=ArrayBuffer.isView(e)?e:new Uint8Array(e),i=0,o=void 0,s=36663;this.gl.bindBuffer(s,this.handle),i!==0||o!==void 0?this.gl.bufferSubData(s,t,n,i,o):this.gl.bufferSubData(s,t,n),this.gl.bindBuffer(s,null),this._setDebugData(e,t,e.byteLength)}async mapAndWriteAsync(e,t=0,n=this.byteLength-t){let i=new ArrayBuffer(n);await e(i,"copied"),this.write(i,t)}async readAsync(e=0,t){return this.readSyncWebGL(e,t)}async mapAndReadAsync(e,t=0,n){let i=await this.readAsync(t,n);return await e(i.buffer,"copied")}readSyncWebGL(e=0,t){t=t??this.byteLength-e;let n=new Uint8Array(t),i=0;return this.gl.bindBuffer(36662,this.handle),this.gl.getBufferSubData(36662,e,n,i,t),this.gl.bindBuffer(36662,null),this._setDebugData(n,e,t),n}}});function CT(r){let e=r.split(/\r?\n/),t=[];for(let n of e){if(n.length<=1)continue;let i=n.trim(),o=n.split(":"),s=o[0]?.trim();if(o.length===2){let[h,p]=o;if(!h||!p){t.push({message:i,type:zh(s||"info"),lineNum:0,linePos:0});continue}t.push({message:p.trim(),type:zh(h),lineNum:0,linePos:0});continue}let[a,c,l,...f]=o;if(!a||!c||!l){t.push({message:o.slice(1).join(":").trim()||i,type:zh(s||"info"),lineNum:0,linePos:0});continue}let u=parseInt(l,10);Number.isNaN(u)&&(u=0);let d=parseInt(c,10);Number.isNaN(d)&&(d=0),t.push({message:f.join(":").trim(),type:zh(a),lineNum:u,linePos:d})}return t}function zh(r){let e=["warning","error","info"],t=r.toLowerCase();return e.includes(t)?t:"info"}var MT=S(()=>{});function r$(r){return r.split(/\r?\n/).find(e=>e.trim())?.trim()}var Gh,RT=S(()=>{se();MT();Gh=class extends Qo{device;handle;_compilationInfoLog="";constructor(e,t){super(e,t),this.device=e;let n=this.props.handle;switch(this.props.stage){case"vertex":this.handle=n||this.device.gl.createShader(35633);break;case"fragment":this.handle=n||this.device.gl.createShader(35632);break;default:throw new Error(this.props.stage)}e._setWebGLDebugMetadata(this.handle,this,{spector:this.props});let i=this._compile(this.source);i&&typeof i.catch=="function"&&i.catch(()=>{this.compilationStatus="error"})}destroy(){this.handle&&(this.removeStats(),this.device.gl.deleteShader(this.handle),this.destroyed=!0,this.handle.destroyed=!0)}get asyncCompilationStatus(){return this._waitForCompilationComplete().then(()=>(this._getCompilationStatus(),this.compilationStatus))}async getCompilationInfo(){return await this._waitForCompilationComplete(),this.getCompilationInfoSync()}getCompilationInfoSync(){let e=this._getCompilationInfoLog();return e?CT(e):[]}getTranslatedSource(){return this.device.getExtension("WEBGL_debug_shaders").WEBGL_debug_shaders?.getTranslatedShaderSource(this.handle)||null}_compile(e){e=e.startsWith("#version ")?e:`#version 300 es
${e}`;let{gl:t}=this.device;if(t.shaderSource(this.handle,e),t.compileShader(this.handle),!this.device.props.debug){this.compilationStatus="pending";return}if(!this.device.features.has("compilation-status-async-webgl")){if(this._getCompilationStatus(),this.debugShader(),this.compilationStatus==="error")throw new Error(this._getCompilationErrorMessage(e));return}return k.once(1,"Shader compilation is asynchronous")(),this._waitForCompilationComplete().then(()=>{k.info(2,`Shader ${this.id} - async compilation complete: ${this.compilationStatus}`)(),this._getCompilationStatus(),this.debugShader()})}async _waitForCompilationComplete(){let e=async i=>await new Promise(o=>setTimeout(o,i));if(!this.device.features.has("compilation-status-async-webgl")){await e(10);return}let{gl:n}=this.device;for(;;){if(n.getShaderParameter(this.handle,37297))return;await e(10)}}_getCompilationStatus(){this.compilationStatus=this.device.gl.getShaderParameter(this.handle,35713)?"success":"error",this.compilationStatus==="error"&&this._getCompilationInfoLog()}_getCompilationErrorMessage(e){let t=`${this.props.stage} shader ${this.props.id}`,n=r$(this._getCompilationInfoLog()),i=this.getCompilationInfoSync(),o=i.find(f=>f.type==="error"&&f.message.trim())||i.find(f=>f.message.trim())||i.find(f=>f.type==="error")||i[0];if(!o)return n?`GLSL compilation errors in ${t}: ${n}`:`GLSL compilation errors in ${t}: WebGL did not provide a shader compiler log`;let s=o.lineNum?e.split(/\r?\n/)[o.lineNum-1]?.trim():void 0,a=o.lineNum?` line ${o.lineNum}`:"",c=s?`
Source: ${s}`:"",l=o.message.trim()||n||"WebGL did not provide a shader compiler log";return`GLSL compilation errors in ${t}:${a}: ${l}${c}`}_getCompilationInfoLog(){let e=this.device.gl.getShaderInfoLog(this.handle)?.trim();return e&&(this._compilationInfoLog=e),this._compilationInfoLog}}});function OT(r,e,t,n){if(s$(e))return n(r);let i=r;i.pushState();try{return n$(r,e),Dn(i.gl,t),n(r)}finally{i.popState()}}function n$(r,e){let t=r,{gl:n}=t;if(e.cullMode)switch(e.cullMode){case"none":n.disable(2884);break;case"front":n.enable(2884),n.cullFace(1028);break;case"back":n.enable(2884),n.cullFace(1029);break}if(e.frontFace&&n.frontFace(As("frontFace",e.frontFace,{ccw:2305,cw:2304})),e.unclippedDepth&&r.features.has("depth-clip-control")&&n.enable(34383),e.depthBias!==void 0&&(n.enable(32823),n.polygonOffset(e.depthBias,e.depthBiasSlopeScale||0)),e.provokingVertex&&r.features.has("provoking-vertex-webgl")){let o=t.getExtension("WEBGL_provoking_vertex").WEBGL_provoking_vertex,s=As("provokingVertex",e.provokingVertex,{first:36429,last:36430});o?.provokingVertexWEBGL(s)}if((e.polygonMode||e.polygonOffsetLine)&&r.features.has("polygon-mode-webgl")){if(e.polygonMode){let o=t.getExtension("WEBGL_polygon_mode").WEBGL_polygon_mode,s=As("polygonMode",e.polygonMode,{fill:6914,line:6913});o?.polygonModeWEBGL(1028,s),o?.polygonModeWEBGL(1029,s)}e.polygonOffsetLine&&n.enable(10754)}if(r.features.has("shader-clip-cull-distance-webgl")&&(e.clipDistance0&&n.enable(12288),e.clipDistance1&&n.enable(12289),e.clipDistance2&&n.enable(12290),e.clipDistance3&&n.enable(12291),e.clipDistance4&&n.enable(12292),e.clipDistance5&&n.enable(12293),e.clipDistance6&&n.enable(12294),e.clipDistance7&&n.enable(12295)),e.depthWriteEnabled!==void 0&&n.depthMask(o$("depthWriteEnabled",e.depthWriteEnabled)),e.depthCompare&&(e.depthCompare!=="always"?n.enable(2929):n.disable(2929),n.depthFunc(Vh("depthCompare",e.depthCompare))),e.clearDepth!==void 0&&n.clearDepth(e.clearDepth),e.stencilWriteMask){let i=e.stencilWriteMask;n.stencilMaskSeparate(1028,i),n.stencilMaskSeparate(1029,i)}if(e.stencilReadMask&&k.warn("stencilReadMask not supported under WebGL"),e.stencilCompare){let i=e.stencilReadMask||4294967295,o=Vh("depthCompare",e.stencilCompare);e.stencilCompare!=="always"?n.enable(2960):n.disable(2960),n.stencilFuncSeparate(1028,o,0,i),n.stencilFuncSeparate(1029,o,0,i)}if(e.stencilPassOperation&&e.stencilFailOperation&&e.stencilDepthFailOperation){let i=Vb("stencilPassOperation",e.stencilPassOperation),o=Vb("stencilFailOperation",e.stencilFailOperation),s=Vb("stencilDepthFailOperation",e.stencilDepthFailOperation);n.stencilOpSeparate(1028,o,s,i),n.stencilOpSeparate(1029,o,s,i)}switch(e.blend){case!0:n.enable(3042);break;case!1:n.disable(3042);break;default:}if(e.blendColorOperation||e.blendAlphaOperation){let i=IT("blendColorOperation",e.blendColorOperation||"add"),o=IT("blendAlphaOperation",e.blendAlphaOperation||"add");n.blendEquationSeparate(i,o);let s=$h("blendColorSrcFactor",e.blendColorSrcFactor||"one"),a=$h("blendColorDstFactor",e.blendColorDstFactor||"zero"),c=$h("blendAlphaSrcFactor",e.blendAlphaSrcFactor||"one"),l=$h("blendAlphaDstFactor",e.blendAlphaDstFactor||"zero");n.blendFuncSeparate(s,a,c,l)}}function Vh(r,e){return As(r,e,{never:512,less:513,equal:514,"less-equal":515,greater:516,"not-equal":517,"greater-equal":518,always:519})}function Vb(r,e){return As(r,e,{keep:7680,zero:0,replace:7681,invert:5386,"increment-clamp":7682,"decrement-clamp":7683,"increment-wrap":34055,"decrement-wrap":34056})}function IT(r,e){return As(r,e,{add:32774,subtract:32778,"reverse-subtract":32779,min:32775,max:32776})}function $h(r,e,t="color"){return As(r,e,{one:1,zero:0,src:768,"one-minus-src":769,dst:774,"one-minus-dst":775,"src-alpha":770,"one-minus-src-alpha":771,"dst-alpha":772,"one-minus-dst-alpha":773,"src-alpha-saturated":776,constant:t==="color"?32769:32771,"one-minus-constant":t==="color"?32770:32772,src1:768,"one-minus-src1":769,"src1-alpha":770,"one-minus-src1-alpha":771})}function i$(r,e){return`Illegal parameter ${e} for ${r}`}function As(r,e,t){if(!(e in t))throw new Error(i$(r,e));return t[e]}function o$(r,e){return e}function s$(r){let e=!0;for(let t in r){e=!1;break}return e}var Wb=S(()=>{se();Ka()});function Wh(r){let e={};return r.addressModeU&&(e[10242]=jb(r.addressModeU)),r.addressModeV&&(e[10243]=jb(r.addressModeV)),r.addressModeW&&(e[32882]=jb(r.addressModeW)),r.magFilter&&(e[10240]=Hb(r.magFilter)),(r.minFilter||r.mipmapFilter)&&(e[10241]=a$(r.minFilter||"linear",r.mipmapFilter)),r.lodMinClamp!==void 0&&(e[33082]=r.lodMinClamp),r.lodMaxClamp!==void 0&&(e[33083]=r.lodMaxClamp),r.type==="comparison-sampler"&&(e[34892]=34894),r.compare&&(e[34893]=Vh("compare",r.compare)),r.maxAnisotropy&&(e[34046]=r.maxAnisotropy),e}function jb(r){switch(r){case"clamp-to-edge":return 33071;case"repeat":return 10497;case"mirror-repeat":return 33648}}function Hb(r){switch(r){case"nearest":return 9728;case"linear":return 9729}}function a$(r,e="none"){if(!e)return Hb(r);switch(e){case"none":return Hb(r);case"nearest":switch(r){case"nearest":return 9984;case"linear":return 9985}break;case"linear":switch(r){case"nearest":return 9986;case"linear":return 9987}}}var Yb=S(()=>{Wb()});var jh,BT=S(()=>{se();Yb();jh=class extends Xo{device;handle;parameters;constructor(e,t){super(e,t),this.device=e,this.parameters=Wh(t),this.handle=t.handle||this.device.gl.createSampler(),this._setSamplerParameters(this.parameters)}destroy(){this.handle&&(this.device.gl.deleteSampler(this.handle),this.handle=void 0)}toString(){return`Sampler(${this.id},${JSON.stringify(this.props)})`}_setSamplerParameters(e){for(let[t,n]of Object.entries(e)){let i=Number(t);switch(i){case 33082:case 33083:this.device.gl.samplerParameterf(this.handle,i,n);break;default:this.device.gl.samplerParameteri(this.handle,i,n);break}}}}});function zn(r,e,t){if(c$(e))return t(r);let{nocatch:n=!0}=e,i=Nn.get(r);i.push(),Dn(r,e);let o;if(n)o=t(r),i.pop();else try{o=t(r)}finally{i.pop()}return o}function c$(r){for(let e in r)return!1;return!0}var Hh=S(()=>{Ka();Bb()});var bi,qb=S(()=>{se();bi=class extends Ko{device;gl;handle;texture;constructor(e,t){super(e,{...Ie.defaultProps,...t}),this.device=e,this.gl=this.device.gl,this.handle=null,this.texture=t.texture}}});function Yh(r){return l$[r]}var l$,Zb=S(()=>{l$={5124:"sint32",5125:"uint32",5122:"sint16",5123:"uint16",5120:"sint8",5121:"uint8",5126:"float32",5131:"float16",33635:"uint16",32819:"uint16",32820:"uint16",33640:"uint32",35899:"uint32",35902:"uint32",34042:"uint32",36269:"uint32"}});function f$(r,e=0){return e?new r.constructor(r.buffer,r.byteOffset+e,(r.byteLength-e)/r.BYTES_PER_ELEMENT):r}function u$(r,e){if(e%r.BYTES_PER_ELEMENT!==0)throw new Error(`Texture byteOffset ${e} must align to typed array element size ${r.BYTES_PER_ELEMENT}`);return e/r.BYTES_PER_ELEMENT}function d$(r){switch(r){case"1d":break;case"2d":return 3553;case"3d":return 32879;case"cube":return 34067;case"2d-array":return 35866;case"cube-array":break}throw new Error(r)}function yf(r,e,t){return e==="cube"?34069+t:r}var xi,qh=S(()=>{se();ec();Yb();Hh();qb();Zb();xi=class extends Ie{device;gl;handle;sampler=void 0;view;glTarget;glFormat;glType;glInternalFormat;compressed;_textureUnit=0;_framebuffer=null;_framebufferAttachmentKey=null;constructor(e,t){super(e,t,{byteAlignment:1}),this.device=e,this.gl=this.device.gl;let n=Oh(this.props.format);if(this.glTarget=d$(this.props.dimension),this.glInternalFormat=n.internalFormat,this.glFormat=n.format,this.glType=n.type,this.compressed=n.compressed,this.isHandleBorrowed&&this.props.handle===void 0)throw new Error("Borrowed WebGL textures require a texture handle");if(this.handle=this.props.handle||this.gl.createTexture(),this.device._setWebGLDebugMetadata(this.handle,this,{spector:this.props}),!this.isHandleBorrowed){this.gl.bindTexture(this.glTarget,this.handle);let{dimension:i,width:o,height:s,depth:a,mipLevels:c,glTarget:l,glInternalFormat:f}=this;if(!this.compressed)switch(i){case"2d":case"cube":this.gl.texStorage2D(l,c,f,o,s);break;case"2d-array":case"3d":this.gl.texStorage3D(l,c,f,o,s,a);break;default:throw new Error(i)}this.gl.bindTexture(this.glTarget,null),this._initializeData(t.data)}this.ownsHandle?this.trackAllocatedMemory(this.getAllocatedByteLength(),"Texture"):this.trackReferencedMemory(this.getAllocatedByteLength(),"Texture"),this.isHandleBorrowed||this.setSampler(this.props.sampler),this.view=new bi(this.device,{...this.props,texture:this}),Object.seal(this)}destroy(){this.handle&&(this._framebuffer?.destroy(),this._framebuffer=null,this._framebufferAttachmentKey=null,this.removeStats(),this.ownsHandle?(this.gl.deleteTexture(this.handle),this.trackDeallocatedMemory("Texture")):this.trackDeallocatedReferencedMemory("Texture"),this.destroyed=!0)}createView(e){return new bi(this.device,{...e,texture:this})}clone(e){if(this.isHandleBorrowed&&e&&(e.width!==this.width||e.height!==this.height))throw new Error(`Cannot resize borrowed read-only ${this}`);return super.clone(e)}setSampler(e={}){this._assertWritable("set sampler parameters on"),super.setSampler(e);let t=Wh(this.sampler.props);this._setSamplerParameters(t)}copyExternalImage(e){this._assertWritable("copy external image data into");let t=this._normalizeCopyExternalImageOptions(e);if(t.sourceX||t.sourceY)throw new Error("WebGL does not support sourceX/sourceY)");let{glFormat:n,glType:i}=this,{image:o,depth:s,mipLevel:a,x:c,y:l,z:f,width:u,height:d}=t,h=yf(this.glTarget,this.dimension,f),p=t.flipY?{37440:!0}:{};return this.gl.bindTexture(this.glTarget,this.handle),zn(this.gl,p,()=>{switch(this.dimension){case"2d":case"cube":this.gl.texSubImage2D(h,a,c,l,u,d,n,i,o);break;case"2d-array":case"3d":this.gl.texSubImage3D(h,a,c,l,f,u,d,s,n,i,o);break;default:}}),this.gl.bindTexture(this.glTarget,null),{width:t.width,height:t.height}}copyElementImage(e){this._assertWritable("copy element image data into");let t=this._normalizeCopyElementImageOptions(e),{glFormat:n}=this,{element:i,depth:o,mipLevel:s,sourceX:a,sourceY:c,sourceWidth:l,sourceHeight:f,x:u,y:d,z:h,width:p,height:g}=t,y=yf(this.glTarget,this.dimension,h),w=t.flipY?{37440:!0}:{},x=this.gl;if(o!==1||this.dimension!=="2d"&&this.dimension!=="cube")throw new Error(`${this} copyElementImage only supports 2d and cube textures on WebGL`);if(s!==0||u!==0||d!==0)throw new Error(`${this} copyElementImage only supports full base-level uploads on WebGL`);if(typeof x.texElementImage2D!="function")throw new Error(`${this} copyElementImage is not supported by this WebGL implementation`);return this.gl.bindTexture(this.glTarget,this.handle),zn(this.gl,w,()=>{x.texElementImage2D?.(y,n,i,{sx:a,sy:c,swidth:l??p,sheight:f??g,width:p,height:g})}),this.gl.bindTexture(this.glTarget,null),{width:t.width,height:t.height}}copyImageData(e){super.copyImageData(e)}readBuffer(e={},t){if(!t)throw new Error(`${this} readBuffer requires a destination buffer`);let n=this._getSupportedColorReadOptions(e),i=e.byteOffset??0,o=this.computeMemoryLayout(n);if(t.byteLength<i+o.byteLength)throw new Error(`${this} readBuffer target is too small (${t.byteLength} < ${i+o.byteLength})`);let s=t;this.gl.bindBuffer(35051,s.handle);try{this._readColorTextureLayers(n,o,a=>{this.gl.readPixels(n.x,n.y,n.width,n.height,this.glFormat,this.glType,i+a)})}finally{this.gl.bindBuffer(35051,null)}return t}async readDataAsync(e={}){throw new Error(`${this} readDataAsync is deprecated; use readBuffer() with an explicit destination buffer or DynamicTexture.readAsync()`)}writeBuffer(e,t={}){this._assertWritable("write buffer data into");let n=this._normalizeTextureWriteOptions(t),{width:i,height:o,depthOrArrayLayers:s,mipLevel:a,byteOffset:c,x:l,y:f,z:u}=n,{glFormat:d,glType:h,compressed:p}=this,g=yf(this.glTarget,this.dimension,u);if(p)throw new Error("writeBuffer for compressed textures is not implemented in WebGL");let{bytesPerPixel:y}=this.device.getTextureFormatInfo(this.format),w=y?n.bytesPerRow/y:void 0,x={3317:this.byteAlignment,...w!==void 0?{3314:w}:{},32878:n.rowsPerImage};this.gl.bindTexture(this.glTarget,this.handle),this.gl.bindBuffer(35052,e.handle),zn(this.gl,x,()=>{switch(this.dimension){case"2d":case"cube":this.gl.texSubImage2D(g,a,l,f,i,o,d,h,c);break;case"2d-array":case"3d":this.gl.texSubImage3D(g,a,l,f,u,i,o,s,d,h,c);break;default:}}),this.gl.bindBuffer(35052,null),this.gl.bindTexture(this.glTarget,null)}writeData(e,t={}){this._assertWritable("write data into");let n=this._normalizeTextureWriteOptions(t),i=ArrayBuffer.isView(e)?e:new Uint8Array(e),{width:o,height:s,depthOrArrayLayers:a,mipLevel:c,x:l,y:f,z:u,byteOffset:d}=n,{glFormat:h,glType:p,compressed:g}=this,y=yf(this.glTarget,this.dimension,u),w;if(!g){let{bytesPerPixel:D}=this.device.getTextureFormatInfo(this.format);D&&(w=n.bytesPerRow/D)}let x=this.compressed?{}:{3317:this.byteAlignment,...w!==void 0?{3314:w}:{},32878:n.rowsPerImage},b=u$(i,d),v=g?f$(i,d):i,T=this._getMipLevelSize(c),L=l===0&&f===0&&u===0&&o===T.width&&s===T.height&&a===T.depthOrArrayLayers;this.gl.bindTexture(this.glTarget,this.handle),this.gl.bindBuffer(35052,null),zn(this.gl,x,()=>{switch(this.dimension){case"2d":case"cube":g?L?this.gl.compressedTexImage2D(y,c,h,o,s,0,v):this.gl.compressedTexSubImage2D(y,c,l,f,o,s,h,v):this.gl.texSubImage2D(y,c,l,f,o,s,h,p,i,b);break;case"2d-array":case"3d":g?L?this.gl.compressedTexImage3D(y,c,h,o,s,a,0,v):this.gl.compressedTexSubImage3D(y,c,l,f,u,o,s,a,h,v):this.gl.texSubImage3D(y,c,l,f,u,o,s,a,h,p,i,b);break;default:}}),this.gl.bindTexture(this.glTarget,null)}_getRowByteAlignment(e,t){return 1}_getFramebuffer(){return this._framebuffer||=this.device.createFramebuffer({id:`framebuffer-for-${this.id}`,width:this.width,height:this.height,colorAttachments:[this]}),this._framebuffer}readDataSyncWebGL(e={}){let t=this._getSupportedColorReadOptions(e),n=this.computeMemoryLayout(t),i=Yh(this.glType),o=Zo(i),s=new o(n.byteLength/o.BYTES_PER_ELEMENT);return this._readColorTextureLayers(t,n,a=>{let c=new o(s.buffer,s.byteOffset+a,n.bytesPerImage/o.BYTES_PER_ELEMENT);this.gl.readPixels(t.x,t.y,t.width,t.height,this.glFormat,this.glType,c)}),s.buffer}_readColorTextureLayers(e,t,n){let i=this._getFramebuffer(),o=t.bytesPerRow/t.bytesPerPixel,s={3333:this.byteAlignment,...o!==e.width?{3330:o}:{}},a=this.gl.getParameter(3074),c=this.gl.bindFramebuffer(36160,i.handle);try{this.gl.readBuffer(36064),zn(this.gl,s,()=>{for(let l=0;l<e.depthOrArrayLayers;l++)this._attachReadSubresource(i,e.mipLevel,e.z+l),n(l*t.bytesPerImage)})}finally{this.gl.bindFramebuffer(36160,c||null),this.gl.readBuffer(a)}}_attachReadSubresource(e,t,n){let i=`${t}:${n}`;if(this._framebufferAttachmentKey!==i){switch(this.dimension){case"2d":this.gl.framebufferTexture2D(36160,36064,3553,this.handle,t);break;case"cube":this.gl.framebufferTexture2D(36160,36064,yf(this.glTarget,this.dimension,n),this.handle,t);break;case"2d-array":case"3d":this.gl.framebufferTextureLayer(36160,36064,this.handle,t,n);break;default:throw new Error(`${this} color readback does not support ${this.dimension} textures`)}if(this.device.props.debug){let o=Number(this.gl.checkFramebufferStatus(36160));if(o!==36053)throw new Error(`${e} incomplete for ${this} readback (${o})`)}this._framebufferAttachmentKey=i}}generateMipmapsWebGL(e){if(this._assertWritable("generate mipmaps for"),!(!(this.device.isTextureFormatRenderable(this.props.format)&&this.device.isTextureFormatFilterable(this.props.format))&&(k.warn(`${this} is not renderable or filterable, may not be able to generate mipmaps`)(),!e?.force)))try{this.gl.bindTexture(this.glTarget,this.handle),this.gl.generateMipmap(this.glTarget)}catch(n){k.warn(`Error generating mipmap for ${this}: ${n.message}`)()}finally{this.gl.bindTexture(this.glTarget,null)}}_setSamplerParameters(e){k.level>=2&&k.log(2,`${this.id} sampler parameters`,this.device.getGLKeys(e))(),this.gl.bindTexture(this.glTarget,this.handle);for(let[t,n]of Object.entries(e)){let i=Number(t),o=n;switch(i){case 33082:case 33083:this.gl.texParameterf(this.glTarget,i,o);break;case 10240:case 10241:this.gl.texParameteri(this.glTarget,i,o);break;case 10242:case 10243:case 32882:this.gl.texParameteri(this.glTarget,i,o);break;case 34046:this.device.features.has("texture-filterable-anisotropic-webgl")&&this.gl.texParameteri(this.glTarget,i,o);break;case 34892:case 34893:this.gl.texParameteri(this.glTarget,i,o);break}}this.gl.bindTexture(this.glTarget,null)}_getActiveUnit(){return this.gl.getParameter(34016)-33984}_bind(e){let{gl:t}=this;return e!==void 0&&(this._textureUnit=e,t.activeTexture(33984+e)),t.bindTexture(this.glTarget,this.handle),e}_unbind(e){let{gl:t}=this;return e!==void 0&&(this._textureUnit=e,t.activeTexture(33984+e)),t.bindTexture(this.glTarget,null),e}_assertWritable(e){if(this.isHandleBorrowed)throw new Error(`Cannot ${e} borrowed read-only ${this}`)}}});function kT(r,e,t,n){let i=r,o=n;o===!0&&(o=1),o===!1&&(o=0);let s=typeof o=="number"?[o]:o;switch(t){case 35678:case 35680:case 35679:case 35682:case 36289:case 36292:case 36293:case 36298:case 36299:case 36300:case 36303:case 36306:case 36307:case 36308:case 36311:if(typeof n!="number")throw new Error("samplers must be set to integers");return r.uniform1i(e,n);case 5126:return r.uniform1fv(e,s);case 35664:return r.uniform2fv(e,s);case 35665:return r.uniform3fv(e,s);case 35666:return r.uniform4fv(e,s);case 5124:return r.uniform1iv(e,s);case 35667:return r.uniform2iv(e,s);case 35668:return r.uniform3iv(e,s);case 35669:return r.uniform4iv(e,s);case 35670:return r.uniform1iv(e,s);case 35671:return r.uniform2iv(e,s);case 35672:return r.uniform3iv(e,s);case 35673:return r.uniform4iv(e,s);case 5125:return i.uniform1uiv(e,s,1);case 36294:return i.uniform2uiv(e,s,2);case 36295:return i.uniform3uiv(e,s,3);case 36296:return i.uniform4uiv(e,s,4);case 35674:return r.uniformMatrix2fv(e,!1,s);case 35675:return r.uniformMatrix3fv(e,!1,s);case 35676:return r.uniformMatrix4fv(e,!1,s);case 35685:return i.uniformMatrix2x3fv(e,!1,s);case 35686:return i.uniformMatrix2x4fv(e,!1,s);case 35687:return i.uniformMatrix3x2fv(e,!1,s);case 35688:return i.uniformMatrix3x4fv(e,!1,s);case 35689:return i.uniformMatrix4x2fv(e,!1,s);case 35690:return i.uniformMatrix4x3fv(e,!1,s)}throw new Error("Illegal uniform")}var DT=S(()=>{});function NT(r){return p$[r]}function Zh(r){return h$[r]}function Xh(r){return!!UT[r]}function FT(r){return UT[r]}var h$,UT,p$,Kh=S(()=>{h$={5126:"f32",35664:"vec2<f32>",35665:"vec3<f32>",35666:"vec4<f32>",5124:"i32",35667:"vec2<i32>",35668:"vec3<i32>",35669:"vec4<i32>",5125:"u32",36294:"vec2<u32>",36295:"vec3<u32>",36296:"vec4<u32>",35670:"f32",35671:"vec2<f32>",35672:"vec3<f32>",35673:"vec4<f32>",35674:"mat2x2<f32>",35685:"mat2x3<f32>",35686:"mat2x4<f32>",35687:"mat3x2<f32>",35675:"mat3x3<f32>",35688:"mat3x4<f32>",35689:"mat4x2<f32>",35690:"mat4x3<f32>",35676:"mat4x4<f32>"},UT={35678:{viewDimension:"2d",sampleType:"float"},35680:{viewDimension:"cube",sampleType:"float"},35679:{viewDimension:"3d",sampleType:"float"},35682:{viewDimension:"3d",sampleType:"depth"},36289:{viewDimension:"2d-array",sampleType:"float"},36292:{viewDimension:"2d-array",sampleType:"depth"},36293:{viewDimension:"cube",sampleType:"float"},36298:{viewDimension:"2d",sampleType:"sint"},36299:{viewDimension:"3d",sampleType:"sint"},36300:{viewDimension:"cube",sampleType:"sint"},36303:{viewDimension:"2d-array",sampleType:"uint"},36306:{viewDimension:"2d",sampleType:"uint"},36307:{viewDimension:"3d",sampleType:"uint"},36308:{viewDimension:"cube",sampleType:"uint"},36311:{viewDimension:"2d-array",sampleType:"uint"}},p$={uint8:5121,sint8:5120,unorm8:5121,snorm8:5120,uint16:5123,sint16:5122,unorm16:5123,snorm16:5122,uint32:5125,sint32:5124,float16:5131,float32:5126}});function GT(r,e,t={}){let n={attributes:[],bindings:[]};n.attributes=m$(r,e);let i=_$(r,e,t);for(let c of i){let l=c.uniforms.map(f=>({name:f.name,format:f.format,byteOffset:f.byteOffset,byteStride:f.byteStride,arrayLength:f.arrayLength}));n.bindings.push({type:"uniform",name:c.name,group:0,location:c.location,visibility:(c.vertex?1:0)|(c.fragment?2:0),minBindingSize:c.byteLength,uniforms:l})}let o=y$(r,e),s=0;for(let c of o)if(Xh(c.type)){let{viewDimension:l,sampleType:f}=FT(c.type);n.bindings.push({type:"texture",name:c.name,group:0,location:s,viewDimension:l,sampleType:f}),c.textureUnit=s,s+=1}o.length&&(n.uniforms=o);let a=g$(r,e);return a?.length&&(n.varyings=a),n}function m$(r,e){let t=[],n=r.getProgramParameter(e,35721);for(let i=0;i<n;i++){let o=r.getActiveAttrib(e,i);if(!o)throw new Error("activeInfo");let{name:s,type:a}=o,c=r.getAttribLocation(e,s);if(c>=0){let l=Zh(a),f=/instance/i.test(s)?"instance":"vertex";t.push({name:s,location:c,stepMode:f,type:l})}}return t.sort((i,o)=>i.location-o.location),t}function g$(r,e){let t=[],n=r.getProgramParameter(e,35971);for(let i=0;i<n;i++){let o=r.getTransformFeedbackVarying(e,i);if(!o)throw new Error("activeInfo");let{name:s,type:a,size:c}=o,l=Zh(a),{type:f,components:u}=_a(l);t.push({location:i,name:s,type:f,size:c*u})}return t.sort((i,o)=>i.location-o.location),t}function y$(r,e){let t=[],n=r.getProgramParameter(e,35718);for(let i=0;i<n;i++){let o=r.getActiveUniform(e,i);if(!o)throw new Error("activeInfo");let{name:s,size:a,type:c}=o,{name:l,isArray:f}=S$(s),u=r.getUniformLocation(e,l),d={location:u,name:l,size:a,type:c,isArray:f};if(t.push(d),d.size>1)for(let h=0;h<d.size;h++){let p=`${l}[${h}]`;u=r.getUniformLocation(e,p);let g={...d,name:p,location:u};t.push(g)}}return t}function _$(r,e,t){let n=[],i=x$(r,e,t);for(let[s,a]of i){n.push(a);try{let c=zT(r,e,s,a.name);b$(c,a)}catch(c){let l=c instanceof Error?c.message:String(c);k.once(0,`WebGL uniform block reflection failed for "${a.name}"; using supplied std140 metadata. ${l}`)()}}let o=r.getProgramParameter(e,35382);if(!Number.isInteger(o)||o<0)throw new Error(`Failed to reflect WebGL uniform blocks: ACTIVE_UNIFORM_BLOCKS returned ${String(o)}`);for(let s=0;s<o;s++)i.has(s)||n.push(zT(r,e,s));return n.sort((s,a)=>s.location-a.location),n}function b$(r,e){for(let t of r.uniforms){let n=e.uniforms.find(i=>t.name===i.name||t.name.endsWith(`.${i.name}`));if(!n)throw new Error(`Failed to validate WebGL uniform block "${e.name}": reflected unexpected member "${t.name}"`);if(t.format!==n.format||t.arrayLength!==n.arrayLength||t.byteOffset!==n.byteOffset||t.byteStride!==n.byteStride)throw new Error(`Failed to validate WebGL uniform block "${e.name}": reflected layout for "${t.name}" does not match supplied std140 metadata`)}}function x$(r,e,t){let n=new Map;for(let o of t.uniformBlockLayouts||[])n.set(o.name,w$(o));for(let o of t.shaderLayout?.bindings||[])P$(o)&&n.set(o.name,o);let i=new Map;for(let o of n.values()){let s=v$(r,e,o.name);if(!s)continue;let{blockIndex:a,blockName:c}=s;if(i.has(a))throw new Error(`Multiple supplied uniform block layouts resolve to active WebGL block "${c}"`);i.set(a,{name:c,location:a,byteLength:o.minBindingSize,vertex:!!(o.visibility&&o.visibility&1),fragment:!!(o.visibility&&o.visibility&2),uniformCount:o.uniforms.length,uniforms:o.uniforms.map(l=>({...l}))})}return i}function v$(r,e,t){let n=t.endsWith("Uniforms")?[t,t.slice(0,-8)]:[t,`${t}Uniforms`];for(let i of n){let o=r.getUniformBlockIndex(e,i);if(o!==4294967295){if(!Number.isInteger(o)||o<0)throw new Error(`Failed to resolve WebGL uniform block "${i}": getUniformBlockIndex returned ${String(o)}`);return{blockIndex:o,blockName:i}}}return null}function zT(r,e,t,n){let i=n||r.getActiveUniformBlockName(e,t);if(!i)throw new Error(`Failed to reflect WebGL uniform block at index ${t}: missing block name`);let o=(b,v)=>{let T=r.getActiveUniformBlockParameter(e,t,b);if(T==null)throw new Error(`Failed to reflect WebGL uniform block "${i}": ${v} returned null`);return T},s=Cs(o(35391,"UNIFORM_BLOCK_BINDING"),i,"UNIFORM_BLOCK_BINDING",0),a=Cs(o(35392,"UNIFORM_BLOCK_DATA_SIZE"),i,"UNIFORM_BLOCK_DATA_SIZE",0),c=Cs(o(35394,"UNIFORM_BLOCK_ACTIVE_UNIFORMS"),i,"UNIFORM_BLOCK_ACTIVE_UNIFORMS",0),l=$T(o(35395,"UNIFORM_BLOCK_ACTIVE_UNIFORM_INDICES"),i,"UNIFORM_BLOCK_ACTIVE_UNIFORM_INDICES",c),f=_f(r,e,l,35383,"UNIFORM_TYPE",i,c),u=_f(r,e,l,35384,"UNIFORM_SIZE",i,c),d=_f(r,e,l,35386,"UNIFORM_BLOCK_INDEX",i,c),h=_f(r,e,l,35387,"UNIFORM_OFFSET",i,c),p=_f(r,e,l,35388,"UNIFORM_ARRAY_STRIDE",i,c),g=[];for(let b=0;b<c;b++){if(d[b]!==t)throw new Error(`Failed to reflect WebGL uniform block "${i}": active uniform index ${l[b]} belongs to block ${d[b]}, expected ${t}`);let v=l[b],T=r.getActiveUniform(e,v);if(!T)throw new Error(`Failed to reflect WebGL uniform block "${i}": getActiveUniform(${v}) returned null`);let L=Cs(f[b],i,`UNIFORM_TYPE[${b}]`,1),D=Cs(u[b],i,`UNIFORM_SIZE[${b}]`,1),B=Cs(h[b],i,`UNIFORM_OFFSET[${b}]`,0),F=Cs(p[b],i,`UNIFORM_ARRAY_STRIDE[${b}]`,0);if(T.type!==L||T.size!==D)throw new Error(`Failed to reflect WebGL uniform block "${i}": getActiveUniform(${v}) disagrees with getActiveUniforms`);g.push({name:T.name,format:Zh(L),arrayLength:D,byteOffset:B,byteStride:F})}let y={name:i,location:s,byteLength:a,vertex:!!o(35396,"UNIFORM_BLOCK_REFERENCED_BY_VERTEX_SHADER"),fragment:!!o(35398,"UNIFORM_BLOCK_REFERENCED_BY_FRAGMENT_SHADER"),uniformCount:c,uniforms:g},w=new Set(y.uniforms.map(b=>b.name.split(".")[0]).filter(b=>!!b)),x=y.name.replace(/Uniforms$/,"");if(w.size===1&&!w.has(y.name)&&!w.has(x)){let[b]=w;k.warn(`Uniform block "${y.name}" uses GLSL instance "${b}". luma.gl binds uniform buffers by block name ("${y.name}") and alias ("${x}"). Prefer matching the instance name to one of those to avoid confusing silent mismatches.`)()}return y}function _f(r,e,t,n,i,o,s){let a=r.getActiveUniforms(e,t,n);if(a===null)throw new Error(`Failed to reflect WebGL uniform block "${o}": ${i} returned null`);return $T(a,o,i,s)}function $T(r,e,t,n){if(!Array.isArray(r)&&!ArrayBuffer.isView(r))throw new Error(`Failed to reflect WebGL uniform block "${e}": ${t} returned a non-array value`);let i=Array.from(r);if(i.length!==n||i.some(o=>!Number.isInteger(o)))throw new Error(`Failed to reflect WebGL uniform block "${e}": ${t} returned ${i.length} invalid values, expected ${n}`);return i}function Cs(r,e,t,n){if(!Number.isInteger(r)||r<n)throw new Error(`Failed to reflect WebGL uniform block "${e}": ${t} returned ${String(r)}`);return r}function w$(r){let e=ns(r.uniformTypes,{layout:"std140"}),t=E$(r.uniformTypes,e.fields);return{type:"uniform",name:r.name,group:0,location:0,minBindingSize:e.byteLength,uniforms:t}}function E$(r,e){let t=[],n=(o,s)=>{if(typeof s=="string"){let a=e[o];if(!a)throw new Error(`Missing std140 layout field ${o}`);t.push({name:o,format:a.shaderType,arrayLength:1,byteOffset:a.offset*4,byteStride:0});return}if(Array.isArray(s)){i(o,s[0],s[1]);return}for(let[a,c]of Object.entries(s))n(`${o}.${a}`,c)},i=(o,s,a)=>{if(typeof s=="string"){let c=e[`${o}[0]`],l=a>1?e[`${o}[1]`]:void 0;if(!c)throw new Error(`Missing std140 array layout field ${o}[0]`);t.push({name:`${o}[0]`,format:c.shaderType,arrayLength:a,byteOffset:c.offset*4,byteStride:l?(l.offset-c.offset)*4:0});return}if(Array.isArray(s))throw new Error(`Nested uniform arrays are not supported for ${o}`);for(let[c,l]of Object.entries(s)){if(typeof l!="string")throw new Error(`Composite uniform array members are not supported for ${o}`);let f=`${o}[0].${c}`,u=`${o}[1].${c}`,d=e[f],h=a>1?e[u]:void 0;if(!d)throw new Error(`Missing std140 array layout field ${f}`);t.push({name:f,format:d.shaderType,arrayLength:a,byteOffset:d.offset*4,byteStride:h?(h.offset-d.offset)*4:0})}};for(let[o,s]of Object.entries(r))n(o,s);return t}function P$(r){return r.type==="uniform"&&Number.isInteger(r.minBindingSize)&&r.minBindingSize>=0&&Array.isArray(r.uniforms)&&r.uniforms.every(e=>typeof e.name=="string"&&typeof e.format=="string"&&Number.isInteger(e.arrayLength)&&e.arrayLength>0&&Number.isInteger(e.byteOffset)&&e.byteOffset>=0&&Number.isInteger(e.byteStride)&&e.byteStride>=0)}function S$(r){if(r[r.length-1]!=="]")return{name:r,length:1,isArray:!1};let t=/([^[]*)(\[[0-9]+\])?/.exec(r);return{name:so(t?.[1],`Failed to parse GLSL uniform name ${r}`),length:t?.[2]?1:0,isArray:!!t?.[2]}}var VT=S(()=>{se();Kh()});function T$(r,e){let t={...r,attributes:r.attributes.map(n=>({...n})),bindings:r.bindings.map(n=>({...n}))};for(let n of e?.attributes||[]){let i=t.attributes.find(o=>o.name===n.name);i?(i.type=n.type||i.type,i.stepMode=n.stepMode||i.stepMode):k.warn(`shader layout attribute ${n.name} not present in shader`)}for(let n of e?.bindings||[]){let i=jT(t,n.name);if(!i){k.warn(`shader layout binding ${n.name} not present in shader`);continue}Object.assign(i,n)}return t}function jT(r,e){return r.bindings.find(t=>t.name===e||t.name===`${e}Uniforms`||`${t.name}Uniforms`===e)}function WT(r,e){return r[e]||r[`${e}Uniforms`]||r[e.replace(/Uniforms$/,"")]}var Qh,HT=S(()=>{se();DT();Uh();Dh();qh();qb();VT();Qh=class extends dn{device;handle;vs;fs;introspectedLayout;bindings={};uniforms={};varyings=null;_uniformCount=0;_uniformSetters={};get[Symbol.toStringTag](){return"WEBGLRenderPipeline"}constructor(e,t){super(e,t),this.device=e;let n=this.sharedRenderPipeline||this.device._createSharedRenderPipelineWebGL(t);this.sharedRenderPipeline=n,this.handle=n.handle,this.vs=n.vs,this.fs=n.fs,this.linkStatus=n.linkStatus,this.introspectedLayout=GT(this.device.gl,this.handle,{uniformBlockLayouts:t._uniformBlockLayouts,shaderLayout:t.shaderLayout}),this.device._setWebGLDebugMetadata(this.handle,this,{spector:{id:this.props.id}}),this.shaderLayout=t.shaderLayout?T$(this.introspectedLayout,t.shaderLayout):this.introspectedLayout}destroy(){this.destroyed||(this.sharedRenderPipeline&&!this.props._sharedRenderPipeline&&this.sharedRenderPipeline.destroy(),this.destroyResource())}setBindings(e,t){let n=ya(rs(this.shaderLayout,e));for(let[i,o]of Object.entries(n)){let s=jT(this.shaderLayout,i);if(s){switch(o||k.warn(`Unsetting binding "${i}" in render pipeline "${this.id}"`)(),s.type){case"uniform":if(!(o instanceof Un)&&!(o.buffer instanceof Un))throw new Error("buffer value");break;case"texture":if(!(o instanceof bi||o instanceof xi||o instanceof _i))throw new Error(`${this} Bad texture binding for ${i}`);break;case"sampler":k.warn(`Ignoring sampler ${i}`)();break;default:throw new Error(s.type)}this.bindings[i]=o}else{let a=this.shaderLayout.bindings.map(c=>`"${c.name}"`).join(", ");t?.disableWarnings||k.warn(`No binding "${i}" in render pipeline "${this.id}", expected one of ${a}`,o)()}}}draw(e){let t=e.renderPass,n=e.bindGroups?ya(e.bindGroups):e.bindings||this.bindings;return t.setPipeline(this),t.setBindings(n),t.setVertexArray(e.vertexArray),t.draw({parameters:e.parameters,topology:e.topology,isInstanced:e.isInstanced,vertexCount:e.vertexCount,indexCount:e.indexCount,instanceCount:e.instanceCount,firstVertex:e.firstVertex,firstIndex:e.firstIndex,firstInstance:e.firstInstance,baseVertex:e.baseVertex,transformFeedback:e.transformFeedback,uniforms:e.uniforms})}_areTexturesRenderable(e){let t=!0;for(let n of this.shaderLayout.bindings)WT(e,n.name)||(k.warn(`Binding ${n.name} not found in ${this.id}`)(),t=!1);return t}_applyBindings(e,t){if(this._syncLinkStatus(),this.linkStatus!=="success")return;let{gl:n}=this.device;n.useProgram(this.handle);let i=0,o=0;for(let s of this.shaderLayout.bindings){let a=WT(e,s.name);if(!a)throw new Error(`No value for binding ${s.name} in ${this.id}`);switch(s.type){case"uniform":let{name:c}=s,l=n.getUniformBlockIndex(this.handle,c);if(l===4294967295)throw new Error(`Invalid uniform block name ${c}`);if(n.uniformBlockBinding(this.handle,l,o),a instanceof Un)n.bindBufferBase(35345,o,a.handle);else{let u=a;n.bindBufferRange(35345,o,u.buffer.handle,u.offset||0,u.size||u.buffer.byteLength-(u.offset||0))}o+=1;break;case"texture":if(!(a instanceof bi||a instanceof xi||a instanceof _i))throw new Error("texture");let f;if(a instanceof bi)f=a.texture;else if(a instanceof xi)f=a;else if(a instanceof _i&&a.colorAttachments[0]instanceof bi)k.warn("Passing framebuffer in texture binding may be deprecated. Use fbo.colorAttachments[0] instead")(),f=a.colorAttachments[0].texture;else throw new Error("No texture");n.activeTexture(33984+i),n.bindTexture(f.glTarget,f.handle),i+=1;break;case"sampler":break;case"storage":case"read-only-storage":throw new Error(`binding type '${s.type}' not supported in WebGL`)}}}_applyUniforms(e){for(let t of this.shaderLayout.uniforms||[]){let{name:n,location:i,type:o,textureUnit:s}=t,a=e[n]??s;a!==void 0&&kT(this.device.gl,i,o,a)}}_syncLinkStatus(){this.linkStatus=this.sharedRenderPipeline.linkStatus}}});var YT,Jh,qT=S(()=>{se();Kh();YT=4,Jh=class extends al{device;handle;vs;fs;linkStatus="pending";constructor(e,t){super(e,t),this.device=e,this.handle=t.handle||this.device.gl.createProgram(),this.vs=t.vs,this.fs=t.fs,t.varyings&&t.varyings.length>0&&this.device.gl.transformFeedbackVaryings(this.handle,t.varyings,t.bufferMode||35981),this._linkShaders()}destroy(){this.destroyed||(this.device.gl.useProgram(null),this.device.gl.deleteProgram(this.handle),this.handle.destroyed=!0,this.destroyResource())}async _linkShaders(){let{gl:e}=this.device;if(e.attachShader(this.handle,this.vs.handle),e.attachShader(this.handle,this.fs.handle),k.time(YT,`linkProgram for ${this.id}`)(),e.linkProgram(this.handle),k.timeEnd(YT,`linkProgram for ${this.id}`)(),!this.device.features.has("compilation-status-async-webgl")){let n=this._getLinkStatus();this._reportLinkStatus(n);return}k.once(1,"RenderPipeline linking is asynchronous")(),await this._waitForLinkComplete(),k.info(2,`RenderPipeline ${this.id} - async linking complete: ${this.linkStatus}`)();let t=this._getLinkStatus();this._reportLinkStatus(t)}async _reportLinkStatus(e){switch(e){case"success":return;default:let t=e==="link-error"?"Link error":"Validation error";switch(this.vs.compilationStatus){case"error":throw this.vs.debugShader(),new Error(`${this} ${t} during compilation of ${this.vs}`);case"pending":await this.vs.asyncCompilationStatus,this.vs.debugShader();break;case"success":break}switch(this.fs?.compilationStatus){case"error":throw this.fs.debugShader(),new Error(`${this} ${t} during compilation of ${this.fs}`);case"pending":await this.fs.asyncCompilationStatus,this.fs.debugShader();break;case"success":break}let n=this.device.gl.getProgramInfoLog(this.handle);this.device.reportError(new Error(`${t} during ${e}: ${n}`),this)(),this.device.debug()}}_getLinkStatus(){let{gl:e}=this.device;return e.getProgramParameter(this.handle,35714)?(this._initializeSamplerUniforms(),e.validateProgram(this.handle),e.getProgramParameter(this.handle,35715)?(this.linkStatus="success","success"):(this.linkStatus="error","validation-error")):(this.linkStatus="error","link-error")}_initializeSamplerUniforms(){let{gl:e}=this.device;e.useProgram(this.handle);let t=0,n=e.getProgramParameter(this.handle,35718);for(let i=0;i<n;i++){let o=e.getActiveUniform(this.handle,i);if(o&&Xh(o.type)){let s=o.name.endsWith("[0]"),a=s?o.name.slice(0,-3):o.name,c=e.getUniformLocation(this.handle,a);c!==null&&(t=this._assignSamplerUniform(c,o,s,t))}}}_assignSamplerUniform(e,t,n,i){let{gl:o}=this.device;if(n&&t.size>1){let s=Int32Array.from({length:t.size},(a,c)=>i+c);return o.uniform1iv(e,s),i+t.size}return o.uniform1i(e,i),i+1}async _waitForLinkComplete(){let e=async i=>await new Promise(o=>setTimeout(o,i));if(!this.device.features.has("compilation-status-async-webgl")){await e(10);return}let{gl:n}=this.device;for(;;){if(n.getProgramParameter(this.handle,37297))return;await e(10)}}}});function L$(r,e){let t=e.sourceBuffer,n=e.destinationBuffer;r.gl.bindBuffer(36662,t.handle),r.gl.bindBuffer(36663,n.handle),r.gl.copyBufferSubData(36662,36663,e.sourceOffset??0,e.destinationOffset??0,e.size),r.gl.bindBuffer(36662,null),r.gl.bindBuffer(36663,null)}function A$(r,e){let{sourceBuffer:t,byteOffset:n=0,destinationTexture:i,mipLevel:o=0,origin:s=[0,0,0],aspect:a="all",bytesPerRow:c,rowsPerImage:l,size:f}=e;if(a!=="all")throw new Error("copyBufferToTexture aspect is not supported in WebGL");i.writeBuffer(t,{byteOffset:n,bytesPerRow:c,rowsPerImage:l,mipLevel:o,x:s[0]??0,y:s[1]??0,z:s[2]??0,width:f[0],height:f[1],depthOrArrayLayers:f[2]})}function C$(r,e){let{sourceTexture:t,mipLevel:n=0,aspect:i="all",width:o=e.sourceTexture.width,height:s=e.sourceTexture.height,depthOrArrayLayers:a,origin:c=[0,0,0],destinationBuffer:l,byteOffset:f=0,bytesPerRow:u,rowsPerImage:d}=e;if(t instanceof Ie){t.readBuffer({x:c[0]??0,y:c[1]??0,z:c[2]??0,width:o,height:s,depthOrArrayLayers:a,mipLevel:n,aspect:i,byteOffset:f},l);return}if(i!=="all")throw new Error("aspect not supported in WebGL");if(n!==0||a!==void 0||u||d)throw new Error("not implemented");let{framebuffer:h,destroyFramebuffer:p}=ZT(t),g;try{let y=l,w=o||h.width,x=s||h.height,b=so(h.colorAttachments[0]),v=Oh(b.texture.props.format),T=v.format,L=v.type;r.gl.bindBuffer(35051,y.handle),g=r.gl.bindFramebuffer(36160,h.handle),r.gl.readPixels(c[0],c[1],w,x,T,L,f)}finally{r.gl.bindBuffer(35051,null),g!==void 0&&r.gl.bindFramebuffer(36160,g),p&&h.destroy()}}function M$(r,e){let{sourceTexture:t,destinationMipLevel:n=0,origin:i=[0,0],destinationOrigin:o=[0,0,0],destinationTexture:s}=e,{width:a=e.destinationTexture.width,height:c=e.destinationTexture.height}=e,{framebuffer:l,destroyFramebuffer:f}=ZT(t),[u=0,d=0]=i,[h,p,g]=o,y=r.gl.bindFramebuffer(36160,l.handle),w,x;if(s instanceof xi)w=s,a=Number.isFinite(a)?a:w.width,c=Number.isFinite(c)?c:w.height,w._bind(0),x=w.glTarget;else throw new Error("invalid destination");switch(x){case 3553:case 34067:r.gl.copyTexSubImage2D(x,n,h,p,u,d,a,c);break;case 35866:case 32879:r.gl.copyTexSubImage3D(x,n,h,p,g,u,d,a,c);break;default:}w&&w._unbind(),r.gl.bindFramebuffer(36160,y),f&&l.destroy()}function ZT(r){if(r instanceof Ie){let{width:e,height:t,id:n}=r;return{framebuffer:r.device.createFramebuffer({id:`framebuffer-for-${n}`,width:e,height:t,colorAttachments:[r]}),destroyFramebuffer:!0}}return{framebuffer:r,destroyFramebuffer:!1}}var ep,XT=S(()=>{se();ec();qh();ep=class extends fl{device;handle=null;commands=[];constructor(e,t={}){super(e,t),this.device=e}_executeCommands(e=this.commands){for(let t of e)switch(t.name){case"copy-buffer-to-buffer":L$(this.device,t.options);break;case"copy-buffer-to-texture":A$(this.device,t.options);break;case"copy-texture-to-buffer":C$(this.device,t.options);break;case"copy-texture-to-texture":M$(this.device,t.options);break;default:throw new Error(t.name)}}}});function KT(r){switch(r){case"point-list":return 0;case"line-list":return 1;case"line-strip":return 3;case"triangle-list":return 4;case"triangle-strip":return 5;default:throw new Error(r)}}function QT(r){switch(r){case"point-list":return 0;case"line-list":return 1;case"line-strip":return 1;case"triangle-list":return 4;case"triangle-strip":return 4;default:throw new Error(r)}}var Xb=S(()=>{});var R$,tp,JT=S(()=>{se();Hh();Ka();Xb();Wb();R$=[1,2,4,8],tp=class extends cl{device;handle=null;glParameters={};pipeline=null;bindings={};bindingsPipeline=null;vertexArray=null;constructor(e,t){super(e,t),this.device=e;let n=this.props.framebuffer,i=!n||n.handle===null;i&&e.getDefaultCanvasContext()._resizeDrawingBufferIfNeeded();let o;if(!t?.parameters?.viewport)if(!i&&n){let{width:s,height:a}=n;o=[0,0,s,a]}else{let[s,a]=e.getDefaultCanvasContext().getDrawingBufferSize();o=[0,0,s,a]}if(this.device.pushState(),this.setParameters({viewport:o,...this.props.parameters}),!i&&n?.colorAttachments.length){let s=n.colorAttachments.map((a,c)=>36064+c);this.device.gl.drawBuffers(s)}else i&&this.device.gl.drawBuffers([1029]);this.clear(),this.props.timestampQuerySet&&this.props.beginTimestampIndex!==void 0&&this.props.timestampQuerySet.writeTimestamp(this.props.beginTimestampIndex)}end(){this.destroyed||(this.props.timestampQuerySet&&this.props.endTimestampIndex!==void 0&&this.props.timestampQuerySet.writeTimestamp(this.props.endTimestampIndex),this.device.popState(),this.destroy())}pushDebugGroup(e){}popDebugGroup(){}insertDebugMarker(e){}executeBundles(e){throw new Error("Render bundles are only supported in WebGPU")}setParameters(e={}){let t={...this.glParameters};t.framebuffer=this.props.framebuffer||null,this.props.depthReadOnly&&(t.depthMask=!this.props.depthReadOnly),t.stencilMask=this.props.stencilReadOnly?0:1,t[35977]=this.props.discard,e.viewport&&(e.viewport.length>=6?(t.viewport=e.viewport.slice(0,4),t.depthRange=[e.viewport[4],e.viewport[5]]):t.viewport=e.viewport),e.scissorRect&&(t.scissorTest=!0,t.scissor=e.scissorRect),e.blendConstant&&(t.blendColor=e.blendConstant),e.stencilReference!==void 0&&(t[2967]=e.stencilReference,t[36003]=e.stencilReference),"colorMask"in e&&(t.colorMask=R$.map(n=>!!(n&e.colorMask))),this.glParameters=t,Dn(this.device.gl,t)}setPipeline(e){this.pipeline=e}setBindings(e,t){if(!this.pipeline)throw new Error("RenderPass.setPipeline() must be called before setBindings()");this.bindings=ya(rs(this.pipeline.shaderLayout,e)),this.bindingsPipeline=this.pipeline}setVertexArray(e){this.vertexArray=e}draw(e){let t=this.pipeline,n=this.vertexArray;if(!t)throw new Error("RenderPass.setPipeline() must be called before draw()");if(!n)throw new Error("RenderPass.setVertexArray() must be called before draw()");if(t.shaderLayout.bindings.length>0&&this.bindingsPipeline!==t)throw new Error("RenderPass.setBindings() must be called after setPipeline() before draw()");t._syncLinkStatus();let{parameters:i=t.props.parameters,topology:o=t.props.topology,vertexCount:s,indexCount:a,instanceCount:c,isInstanced:l=!1,firstVertex:f=0,transformFeedback:u,uniforms:d=t.uniforms}=e,h=KT(o),p=!!n.indexBuffer,g=n.indexBuffer?.glIndexType,y=a??s??0;if(t.linkStatus!=="success")return k.info(2,`RenderPipeline:${t.id}.draw() aborted - waiting for shader linking`)(),!1;if(!t._areTexturesRenderable(this.bindings))return k.info(2,`RenderPipeline:${t.id}.draw() aborted - textures not yet loaded`)(),!1;this.device.gl.useProgram(t.handle),n.bindBeforeRender(this);let w=u;return w&&w.begin(t.props.topology),t._applyBindings(this.bindings,{disableWarnings:t.props.disableWarnings}),t._applyUniforms(d),OT(this.device,i,this.glParameters,()=>{p&&l?this.device.gl.drawElementsInstanced(h,y,g,f,c||0):p?this.device.gl.drawElements(h,y,g,f):l?this.device.gl.drawArraysInstanced(h,f,s||0,c||0):this.device.gl.drawArrays(h,f,s||0),w&&w.end()}),n.unbindAfterRender(this),!0}drawIndirect(e,t=0){throw new Error("Indirect drawing is only supported in WebGPU")}drawIndexedIndirect(e,t=0){throw new Error("Indirect drawing is only supported in WebGPU")}beginOcclusionQuery(e){this.props.occlusionQuerySet?.beginOcclusionQuery()}endOcclusionQuery(){this.props.occlusionQuerySet?.endOcclusionQuery()}clear(){let e={...this.glParameters},t=0;this.props.clearColors&&this.props.clearColors.forEach((n,i)=>{n&&this.clearColorBuffer(i,n)}),this.props.clearColor!==!1&&this.props.clearColors===void 0&&(t|=16384,e.clearColor=this.props.clearColor),this.props.clearDepth!==!1&&(t|=256,e.clearDepth=this.props.clearDepth),this.props.clearStencil!==!1&&(t|=1024,e.clearStencil=this.props.clearStencil),t!==0&&zn(this.device.gl,e,()=>{this.device.gl.clear(t)})}clearColorBuffer(e=0,t=[0,0,0,0]){zn(this.device.gl,{framebuffer:this.props.framebuffer},()=>{switch(t.constructor){case Int8Array:case Int16Array:case Int32Array:this.device.gl.clearBufferiv(6144,e,t);break;case Uint8Array:case Uint8ClampedArray:case Uint16Array:case Uint32Array:this.device.gl.clearBufferuiv(6144,e,t);break;case Float32Array:this.device.gl.clearBufferfv(6144,e,t);break;default:throw new Error("clearColorBuffer: color must be typed array")}})}}});var bf,eL=S(()=>{se();XT();JT();bf=class extends ll{device;handle=null;commandBuffer;constructor(e,t){super(e,t),this.device=e,this.commandBuffer=new ep(e,{id:this.id,userData:this.userData})}destroy(){this.destroyResource()}finish(){return this.destroy(),this.commandBuffer}beginRenderPass(e={}){return new tp(this.device,this._applyTimeProfilingToPassProps(e))}beginComputePass(e={}){throw new Error("ComputePass not supported in WebGL")}copyBufferToBuffer(e){this.commandBuffer.commands.push({name:"copy-buffer-to-buffer",options:e})}copyBufferToTexture(e){this.commandBuffer.commands.push({name:"copy-buffer-to-texture",options:e})}copyTextureToBuffer(e){this.commandBuffer.commands.push({name:"copy-texture-to-buffer",options:e})}copyTextureToTexture(e){this.commandBuffer.commands.push({name:"copy-texture-to-texture",options:e})}pushDebugGroup(e){}popDebugGroup(){}insertDebugMarker(e){}resolveQuerySet(e,t,n){throw new Error("resolveQuerySet is not supported in WebGL")}writeTimestamp(e,t){e.writeTimestamp(t)}}});function tL(r){let{target:e,source:t,start:n=0,count:i=1}=r,o=t.length,s=i*o,a=0;for(let c=n;a<o;a++)e[c++]=t[a]??0;for(;a<s;)a<s-a?(e.copyWithin(n+a,n,n+a),a*=2):(e.copyWithin(n+a,n,n+s-a),a=s);return r.target}var rL=S(()=>{});function I$(r){return Array.isArray(r)?new Float32Array(r):r}function O$(r,e){if(!r||!e||r.length!==e.length||r.constructor!==e.constructor)return!1;for(let t=0;t<r.length;++t)if(r[t]!==e[t])return!1;return!0}var rp,nL=S(()=>{se();Go();Db();rL();rp=class r extends ul{get[Symbol.toStringTag](){return"VertexArray"}device;handle;attributeInfosByLocation;buffer=null;bufferValue=null;static isConstantAttributeZeroSupported(e){return qm()==="Chrome"}constructor(e,t){super(e,t),this.device=e,this.handle=this.device.gl.createVertexArray(),this.attributeInfosByLocation=new Array(this.maxVertexAttributes).fill(null);for(let n of Object.values(yl(t.shaderLayout,t.bufferLayout)))this.attributeInfosByLocation[n.location]=n}destroy(){super.destroy(),this.buffer&&this.buffer?.destroy(),this.handle&&(this.device.gl.deleteVertexArray(this.handle),this.handle=void 0)}setIndexBuffer(e){let t=e;if(t&&t.glTarget!==34963)throw new Error("Use .setBuffer()");this.device.gl.bindVertexArray(this.handle),this.device.gl.bindBuffer(34963,t?t.handle:null),this.indexBuffer=t,this.device.gl.bindVertexArray(null)}setBuffer(e,t){let n=t;if(n.glTarget===34963)throw new Error("Use .setIndexBuffer()");let{size:i,type:o,stride:s,offset:a,normalized:c,integer:l,divisor:f}=this._getAccessor(e);this.device.gl.bindVertexArray(this.handle),this.device.gl.bindBuffer(34962,n.handle),l?this.device.gl.vertexAttribIPointer(e,i,o,s,a):this.device.gl.vertexAttribPointer(e,i,o,c,s,a),this.device.gl.bindBuffer(34962,null),this.device.gl.enableVertexAttribArray(e),this.device.gl.vertexAttribDivisor(e,f||0),this.attributes[e]=n,this.device.gl.bindVertexArray(null)}setConstantWebGL(e,t){this._enable(e,!1),this.attributes[e]=t}bindBeforeRender(){this.device.gl.bindVertexArray(this.handle),this._applyConstantAttributes()}unbindAfterRender(){this.device.gl.bindVertexArray(null)}_applyConstantAttributes(){for(let e=0;e<this.maxVertexAttributes;++e){let t=this.attributes[e];ArrayBuffer.isView(t)&&this.device.setConstantAttributeWebGL(e,t)}}_getAccessor(e){let t=this.attributeInfosByLocation[e];if(!t)throw new Error(`Unknown attribute location ${e}`);let n=Ch(t.bufferDataType);return{size:t.bufferComponents,type:n,stride:t.byteStride,offset:t.byteOffset,normalized:t.normalized,integer:t.integer,divisor:t.stepMode==="instance"?1:0}}_enable(e,t=!0){let i=r.isConstantAttributeZeroSupported(this.device)||e!==0;(t||i)&&(e=Number(e),this.device.gl.bindVertexArray(this.handle),t?this.device.gl.enableVertexAttribArray(e):this.device.gl.disableVertexAttribArray(e),this.device.gl.bindVertexArray(null))}getConstantBuffer(e,t){let n=I$(t),i=n.byteLength*e,o=n.length*e;if(this.buffer&&i!==this.buffer.byteLength)throw new Error(`Buffer size is immutable, byte length ${i} !== ${this.buffer.byteLength}.`);let s=!this.buffer;if(this.buffer=this.buffer||this.device.createBuffer({byteLength:i}),s||=!O$(n,this.bufferValue),s){let a=Ly(t.constructor,o);tL({target:a,source:n,start:0,count:o}),this.buffer.write(a),this.bufferValue=t}return this.buffer}}});function iL(r){return typeof r=="number"?Number.isInteger(r):/^\d+$/.test(r)}var np,oL=S(()=>{se();ip();Xb();np=class extends dl{device;gl;handle;layout;buffers={};unusedBuffers={};bindOnUse=!0;_bound=!1;constructor(e,t){super(e,t),this.device=e,this.gl=e.gl,this.handle=this.props.handle||this.gl.createTransformFeedback(),this.layout=this.props.layout,t.buffers&&this.setBuffers(t.buffers),Object.seal(this)}destroy(){this.gl.deleteTransformFeedback(this.handle),super.destroy()}begin(e="point-list"){this.gl.bindTransformFeedback(36386,this.handle),this.bindOnUse&&this._bindBuffers(),this.gl.beginTransformFeedback(QT(e))}end(){this.gl.endTransformFeedback(),this.bindOnUse&&this._unbindBuffers(),this.gl.bindTransformFeedback(36386,null)}setBuffers(e){this.buffers={},this.unusedBuffers={},this.bind(()=>{for(let[t,n]of Object.entries(e))this.setBuffer(t,n)})}setBuffer(e,t){let n=this._getVaryingIndex(e),{buffer:i,byteLength:o,byteOffset:s}=this._getBufferRange(t);if(n<0){this.unusedBuffers[e]=i,k.warn(`${this.id} unusedBuffers varying buffer ${e}`)();return}this.buffers[n]={buffer:i,byteLength:o,byteOffset:s},this.bindOnUse||this._bindBuffer(n,i,s,o)}getBuffer(e){if(iL(e))return this.buffers[e]||null;let t=this._getVaryingIndex(e);return this.buffers[t]??null}bind(e=this.handle){if(typeof e!="function")return this.gl.bindTransformFeedback(36386,e),this;let t;return this._bound?t=e():(this.gl.bindTransformFeedback(36386,this.handle),this._bound=!0,t=e(),this._bound=!1,this.gl.bindTransformFeedback(36386,null)),t}unbind(){this.bind(null)}_getBufferRange(e){if(e instanceof Un)return{buffer:e,byteOffset:0,byteLength:e.byteLength};let{buffer:t,byteOffset:n=0,byteLength:i=e.buffer.byteLength}=e;return{buffer:t,byteOffset:n,byteLength:i}}_getVaryingIndex(e){if(iL(e))return Number(e);for(let t of this.layout.varyings||[])if(e===t.name)return t.location;return-1}_bindBuffers(){for(let[e,t]of Object.entries(this.buffers)){let{buffer:n,byteLength:i,byteOffset:o}=this._getBufferRange(t);this._bindBuffer(Number(e),n,o,i)}}_unbindBuffers(){for(let e in this.buffers)this.gl.bindBufferBase(35982,Number(e),null)}_bindBuffer(e,t,n=0,i){let o=t&&t.handle;!o||i===void 0?this.gl.bindBufferBase(35982,e,o):this.gl.bindBufferRange(35982,e,o,n,i)}}});var op,sL=S(()=>{se();op=class extends hl{device;handle;_timestampPairs=[];_pendingReads=new Set;_occlusionQuery=null;_occlusionActive=!1;get[Symbol.toStringTag](){return"QuerySet"}constructor(e,t){if(super(e,t),this.device=e,t.type==="timestamp"){if(t.count<2)throw new Error("Timestamp QuerySet requires at least two query slots");this._timestampPairs=new Array(Math.ceil(t.count/2)).fill(null).map(()=>({activeQuery:null,completedQueries:[]})),this.handle=null}else{if(t.count>1)throw new Error("WebGL occlusion QuerySet can only have one value");let n=this.device.gl.createQuery();if(!n)throw new Error("WebGL query not supported");this.handle=n}Object.seal(this)}destroy(){if(!this.destroyed){this.handle&&this.device.gl.deleteQuery(this.handle);for(let e of this._timestampPairs){e.activeQuery&&(this._cancelPendingQuery(e.activeQuery),this.device.gl.deleteQuery(e.activeQuery.handle));for(let t of e.completedQueries)this._cancelPendingQuery(t),this.device.gl.deleteQuery(t.handle)}this._occlusionQuery&&(this._cancelPendingQuery(this._occlusionQuery),this.device.gl.deleteQuery(this._occlusionQuery.handle));for(let e of Array.from(this._pendingReads))this._cancelPendingQuery(e);this.destroyResource()}}isResultAvailable(e){return this.props.type==="timestamp"?e===void 0?this._timestampPairs.some((t,n)=>this._isTimestampPairAvailable(n)):this._isTimestampPairAvailable(this._getTimestampPairIndex(e)):this._occlusionQuery?this._pollQueryAvailability(this._occlusionQuery):!1}async readResults(e){let t=e?.firstQuery||0,n=e?.queryCount||this.props.count-t;if(this._validateRange(t,n),this.props.type==="timestamp"){let i=new Array(n).fill(0n),o=Math.floor(t/2),s=Math.floor((t+n-1)/2);for(let a=o;a<=s;a++){let c=await this._consumeTimestampPairResult(a),l=a*2,f=l+1;l>=t&&l<t+n&&(i[l-t]=0n),f>=t&&f<t+n&&(i[f-t]=c)}return i}if(!this._occlusionQuery)throw new Error("Occlusion query has not been started");return[await this._consumeQueryResult(this._occlusionQuery)]}async readTimestampDuration(e,t){if(this.props.type!=="timestamp")throw new Error("Timestamp durations require a timestamp QuerySet");if(e<0||t>=this.props.count||t<=e)throw new Error("Timestamp duration range is out of bounds");if(e%2!==0||t!==e+1)throw new Error("WebGL timestamp durations require adjacent even/odd query indices");let n=await this._consumeTimestampPairResult(this._getTimestampPairIndex(e));return Number(n)/1e6}beginOcclusionQuery(){if(this.props.type!=="occlusion")throw new Error("Occlusion queries require an occlusion QuerySet");if(!this.handle)throw new Error("WebGL occlusion query is not available");if(this._occlusionActive)throw new Error("Occlusion query is already active");this.device.gl.beginQuery(35887,this.handle),this._occlusionQuery={handle:this.handle,promise:null,result:null,disjoint:!1,cancelled:!1,pollRequestId:null,resolve:null,reject:null},this._occlusionActive=!0}endOcclusionQuery(){if(!this._occlusionActive)throw new Error("Occlusion query is not active");this.device.gl.endQuery(35887),this._occlusionActive=!1}writeTimestamp(e){if(this.props.type!=="timestamp")throw new Error("Timestamp writes require a timestamp QuerySet");let t=this._getTimestampPairIndex(e),n=this._timestampPairs[t];if(e%2===0){if(n.activeQuery)throw new Error("Timestamp query pair is already active");let i=this.device.gl.createQuery();if(!i)throw new Error("WebGL query not supported");let o={handle:i,promise:null,result:null,disjoint:!1,cancelled:!1,pollRequestId:null,resolve:null,reject:null};this.device.gl.beginQuery(35007,i),n.activeQuery=o;return}if(!n.activeQuery)throw new Error("Timestamp query pair was ended before it was started");this.device.gl.endQuery(35007),n.completedQueries.push(n.activeQuery),n.activeQuery=null}_validateRange(e,t){if(e<0||t<0||e+t>this.props.count)throw new Error("Query read range is out of bounds")}_getTimestampPairIndex(e){if(e<0||e>=this.props.count)throw new Error("Query index is out of bounds");return Math.floor(e/2)}_isTimestampPairAvailable(e){let t=this._timestampPairs[e];return!t||t.completedQueries.length===0?!1:this._pollQueryAvailability(t.completedQueries[0])}_pollQueryAvailability(e){if(e.cancelled||this.destroyed)return e.result=0n,!0;if(e.result!==null||e.disjoint)return!0;if(!this.device.gl.getQueryParameter(e.handle,34919))return!1;let n=!!this.device.gl.getParameter(36795);return e.disjoint=n,e.result=n?0n:BigInt(this.device.gl.getQueryParameter(e.handle,34918)),!0}async _consumeTimestampPairResult(e){let t=this._timestampPairs[e];if(!t||t.completedQueries.length===0)throw new Error("Timestamp query pair has no completed result");let n=t.completedQueries.shift();try{return await this._consumeQueryResult(n)}finally{this.device.gl.deleteQuery(n.handle)}}_consumeQueryResult(e){return e.promise||(this._pendingReads.add(e),e.promise=new Promise((t,n)=>{e.resolve=t,e.reject=n;let i=()=>{if(e.pollRequestId=null,e.cancelled||this.destroyed){this._pendingReads.delete(e),e.promise=null,e.resolve=null,e.reject=null,t(0n);return}if(!this._pollQueryAvailability(e)){e.pollRequestId=this._requestAnimationFrame(i);return}this._pendingReads.delete(e),e.promise=null,e.resolve=null,e.reject=null,e.disjoint?n(new Error("GPU timestamp query was invalidated by a disjoint event")):t(e.result||0n)};i()})),e.promise}_cancelPendingQuery(e){if(this._pendingReads.delete(e),e.cancelled=!0,e.pollRequestId!==null&&(this._cancelAnimationFrame(e.pollRequestId),e.pollRequestId=null),e.resolve){let t=e.resolve;e.promise=null,e.resolve=null,e.reject=null,t(0n)}}_requestAnimationFrame(e){return requestAnimationFrame(e)}_cancelAnimationFrame(e){cancelAnimationFrame(e)}}});var sp,aL=S(()=>{se();sp=class extends pl{device;gl;handle;signaled;_signaled=!1;constructor(e,t={}){super(e,{}),this.device=e,this.gl=e.gl;let n=this.props.handle||this.gl.fenceSync(this.gl.SYNC_GPU_COMMANDS_COMPLETE,0);if(!n)throw new Error("Failed to create WebGL fence");this.handle=n,this.signaled=new Promise(i=>{let o=()=>{let s=this.gl.clientWaitSync(this.handle,0,0);s===this.gl.ALREADY_SIGNALED||s===this.gl.CONDITION_SATISFIED?(this._signaled=!0,i()):setTimeout(o,1)};o()})}isSignaled(){if(this._signaled)return!0;let e=this.gl.getSyncParameter(this.handle,this.gl.SYNC_STATUS);return this._signaled=e===this.gl.SIGNALED,this._signaled}destroy(){this.destroyed||this.gl.deleteSync(this.handle)}}});function Kb(r){switch(r){case 6406:case 33326:case 6403:case 36244:return 1;case 33339:case 33340:case 33328:case 33320:case 33319:return 2;case 6407:case 36248:case 34837:return 3;case 6408:case 36249:case 34836:return 4;default:return 0}}function cL(r){switch(r){case 5121:return 1;case 33635:case 32819:case 32820:return 2;case 5126:return 4;default:return 0}}var lL=S(()=>{});function fL(r,e){let{sourceX:t=0,sourceY:n=0,sourceAttachment:i=0}=e||{},{target:o=null,sourceWidth:s,sourceHeight:a,sourceDepth:c,sourceFormat:l,sourceType:f}=e||{},{framebuffer:u,deleteFramebuffer:d}=dL(r),{gl:h,handle:p}=u;s||=u.width,a||=u.height;let g=u.colorAttachments[i]?.texture;if(!g)throw new Error(`Invalid framebuffer attachment ${i}`);c=g?.depth||1,l||=g?.glFormat||6408,f||=g?.glType||5121,o=k$(o,f,l,s,a,c);let y=Jt.getDataType(o);f=f||NT(y);let w=h.bindFramebuffer(36160,p);return h.readBuffer(36064+i),h.readPixels(t,n,s,a,l,f,o),h.readBuffer(36064),h.bindFramebuffer(36160,w||null),d&&u.destroy(),o}function uL(r,e){let{target:t,sourceX:n=0,sourceY:i=0,sourceFormat:o=6408,targetByteOffset:s=0}=e||{},{sourceWidth:a,sourceHeight:c,sourceType:l}=e||{},{framebuffer:f,deleteFramebuffer:u}=dL(r);a=a||f.width,c=c||f.height;let d=f;l=l||5121;let h=t;if(!h){let g=Kb(o),y=cL(l),w=s+a*c*g*y;h=d.device.createBuffer({byteLength:w})}let p=r.device.createCommandEncoder();return p.copyTextureToBuffer({sourceTexture:r,width:a,height:c,origin:[n,i],destinationBuffer:h,byteOffset:s}),p.destroy(),u&&f.destroy(),h}function dL(r){return r instanceof Jo?{framebuffer:r,deleteFramebuffer:!1}:{framebuffer:B$(r),deleteFramebuffer:!0}}function B$(r,e){let{device:t,width:n,height:i,id:o}=r;return t.createFramebuffer({...e,id:`framebuffer-for-${o}`,width:n,height:i,colorAttachments:[r]})}function k$(r,e,t,n,i,o){if(r)return r;e||=5121;let s=Yh(e),a=Jt.getTypedArrayConstructor(s),c=Kb(t);return new a(n*i*c)}var hL=S(()=>{se();Kh();lL();Zb()});function pL(r){let e=new Map;for(let t in r){let n=r[t];if(t<"a"){let i=e.get(n);e.set(n,i?`${i}, GL.${t}`:`GL.${t}`)}}return e}var mL=S(()=>{});var Qb={};Ti(Qb,{WebGLDevice:()=>bo});function D$(r,e,t){switch(t.length){case 1:r.gl.vertexAttrib1fv(e,t);break;case 2:r.gl.vertexAttrib2fv(e,t);break;case 3:r.gl.vertexAttrib3fv(e,t);break;case 4:r.gl.vertexAttrib4fv(e,t);break;default:}}function N$(r,e,t){r.gl.vertexAttribI4iv(e,t)}function F$(r,e,t){r.gl.vertexAttribI4uiv(e,t)}function U$(r,e){if(!r||!e||r.length!==e.length||r.constructor!==e.constructor)return!1;for(let t=0;t<r.length;++t)if(r[t]!==e[t])return!1;return!0}var bo,ap=S(()=>{se();Bb();dT();kb();mT();ET();PT();ST();TT();Cb();ec();AT();Uh();RT();BT();qh();Dh();HT();qT();eL();nL();oL();sL();aL();hL();Ka();Hh();pf();mL();bo=class r extends Ii{static getDeviceFromContext(e){return e?e.luma?.device??null:null}type="webgl";handle;features;limits;info;canvasContext;preferredColorFormat="rgba8unorm";preferredDepthFormat="depth24plus";commandEncoder;lost;_resolveContextLost;_isLost=!1;gl;_glKeyByValue=null;_constants;extensions;_polyfilled=!1;spectorJS;get[Symbol.toStringTag](){return"WebGLDevice"}toString(){return`${this[Symbol.toStringTag]}(${this.id})`}isVertexFormatSupported(e){return e!=="unorm8x4-bgra"}constructor(e){super({...e,id:e.id||LT("webgl-device")});let t=Ii._getCanvasContextProps(e);if(!t)throw new Error("WebGLDevice requires props.createCanvasContext to be set");let n=t.canvas?.gl??null,i=r.getDeviceFromContext(n);if(i)throw new Error(`WebGL context already attached to device ${i.id}`);this.canvasContext=new Nh(this,t),this.lost=new Promise(f=>{this._resolveContextLost=f});let o={...e.webgl};t.alphaMode==="premultiplied"&&(o.premultipliedAlpha=!0),e.powerPreference!==void 0&&(o.powerPreference=e.powerPreference),e.failIfMajorPerformanceCaveat!==void 0&&(o.failIfMajorPerformanceCaveat=e.failIfMajorPerformanceCaveat);let a=this.props._handle||uT(this.canvasContext.canvas,{onContextLost:f=>this._resolveContextLost?.({reason:"destroyed",message:"Entered sleep mode, or too many apps or browser tabs are using the GPU."}),onContextRestored:f=>{console.log("WebGL context restored")}},o);if(!a)throw new Error("WebGL context creation failed");if(i=r.getDeviceFromContext(a),i){if(e._reuseDevices)return k.log(1,`Not creating a new Device, instead returning a reference to Device ${i.id} already attached to WebGL context`,i)(),this.canvasContext.destroy(),i._reused=!0,i;throw new Error(`WebGL context already attached to device ${i.id}`)}this.handle=a,this.gl=a,this.spectorJS=eT({...this.props,gl:this.handle});let c=hf(this.handle);c.device=this,c.extensions||(c.extensions={}),this.extensions=c.extensions,this.info=hT(this.gl,this.extensions),this.limits=new kh(this.gl),this.features=new Bh(this.gl,this.extensions,this.props._disabledFeatures),this.props._initializeFeatures&&this.features.initializeFeatures(),new Nn(this.gl,{log:(...f)=>k.log(1,...f)()}).trackState(this.gl,{copyState:!1}),(e.debug||e.debugWebGL)&&(this.gl=Q3(this.gl,{debugWebGL:!0,traceWebGL:e.debugWebGL}),k.warn("WebGL debug mode activated. Performance reduced.")()),e.debugWebGL&&(k.level=Math.max(k.level,1)),this.commandEncoder=new bf(this,{id:`${this}-command-encoder`}),this.canvasContext._startObservers()}destroy(){if(!this.props._reuseDevices&&!this._reused){this._isLost=!0,this.commandEncoder?.destroy();let e=hf(this.handle);e.device=null}}get isLost(){return this._isLost||this.gl.isContextLost()}createCanvasContext(e){throw new Error("WebGL only supports a single canvas")}createPresentationContext(e){return new Fh(this,e||{})}createBuffer(e){let t=this._normalizeBufferProps(e);return new Un(this,t)}createTexture(e){return new xi(this,e)}createExternalTexture(e){throw new Error("ExternalTexture is not available on WebGL")}createSampler(e){return new jh(this,e)}createShader(e){return new Gh(this,e)}createFramebuffer(e){return new _i(this,e)}createVertexArray(e){return new rp(this,e)}createTransformFeedback(e){return new np(this,e)}createQuerySet(e){return new op(this,e)}createFence(){return new sp(this)}createRenderPipeline(e){return new Qh(this,e)}_createSharedRenderPipelineWebGL(e){return new Jh(this,e)}createComputePipeline(e){throw new Error("ComputePipeline not supported in WebGL")}createRenderBundleEncoder(e){throw new Error("Render bundles are only supported in WebGPU")}createCommandEncoder(e={}){return new bf(this,e)}submit(e){let t=null;e||({submittedCommandEncoder:t,commandBuffer:e}=this._finalizeDefaultCommandEncoderForSubmit());try{e._executeCommands(),t&&t.resolveTimeProfilingQuerySet().then(()=>{this.commandEncoder._gpuTimeMs=t._gpuTimeMs}).catch(()=>{})}finally{e.destroy()}}writeBufferViaCommandEncoder(e,t,n,i=0){t.write(n,i)}_finalizeDefaultCommandEncoderForSubmit(){let e=this.commandEncoder,t=e.finish();return this.commandEncoder.destroy(),this.commandEncoder=this.createCommandEncoder({id:e.props.id,timeProfilingQuerySet:e.getTimeProfilingQuerySet()}),{submittedCommandEncoder:e,commandBuffer:t}}readPixelsToArrayWebGL(e,t){return fL(e,t)}readPixelsToBufferWebGL(e,t){return uL(e,t)}setParametersWebGL(e){Dn(this.gl,e)}getParametersWebGL(e){return Ah(this.gl,e)}withParametersWebGL(e,t){return zn(this.gl,e,t)}resetWebGL(){k.warn("WebGLDevice.resetWebGL is deprecated, use only for debugging")(),sT(this.gl)}_getDeviceSpecificTextureFormatCapabilities(e){return xT(this.gl,e,this.extensions)}loseDevice(){let e=!1,n=this.getExtension("WEBGL_lose_context").WEBGL_lose_context;return n&&(e=!0,n.loseContext()),this._resolveContextLost?.({reason:"destroyed",message:"Application triggered context loss"}),e}pushState(){Nn.get(this.gl).push()}popState(){Nn.get(this.gl).pop()}getGLKey(e,t){let n=this._getGLKeyByValue().get(Number(e));return n||(t?.emptyIfUnknown?"":String(e))}getGLKeys(e){let t={emptyIfUnknown:!0};return Object.entries(e).reduce((n,[i,o])=>(n[`${i}:${this.getGLKey(i,t)}`]=`${o}:${this.getGLKey(o,t)}`,n),{})}_getGLKeyByValue(){return this._glKeyByValue??=pL(this.gl),this._glKeyByValue}setConstantAttributeWebGL(e,t){let n=this.limits.maxVertexAttributes;this._constants=this._constants||new Array(n).fill(null);let i=this._constants[e];switch(i&&U$(i,t)&&k.info(1,`setConstantAttributeWebGL(${e}) could have been skipped, value unchanged`)(),this._constants[e]=t,t.constructor){case Float32Array:D$(this,e,t);break;case Int32Array:N$(this,e,t);break;case Uint32Array:F$(this,e,t);break;default:throw new Error("constant")}}getExtension(e){return Fn(this.gl,e,this.extensions),this.extensions}_setWebGLDebugMetadata(e,t,n){e.luma=t;let i={props:n.spector,id:n.spector.id};e.__SPECTOR_Metadata=i}}});function z$(r){return typeof WebGL2RenderingContext<"u"&&r instanceof WebGL2RenderingContext?!0:!!(r&&typeof r.createVertexArray=="function")}function gL(r){return{...r,debug:r.debug??Ii.defaultProps.debug,debugWebGL:r.debugWebGL??Ii.defaultProps.debugWebGL,debugSpectorJS:r.debugSpectorJS??!!k.get("debug-spectorjs")}}async function yL(r){let e=[];(r.debugWebGL||r.debug)&&e.push(K3()),r.debugSpectorJS&&e.push(J3(r));let t=await Promise.allSettled(e);for(let n of t)n.status==="rejected"&&k.error(`Failed to initialize debug libraries ${n.reason}`)()}var xf,Jb,vf,_L=S(()=>{se();Z3();Cb();xf=1,Jb=class extends Jc{type="webgl";enforceWebGL2(e){q3(e)}isSupported(){return typeof WebGL2RenderingContext<"u"}isDeviceHandle(e){return typeof WebGL2RenderingContext<"u"&&e instanceof WebGL2RenderingContext?!0:(typeof WebGLRenderingContext<"u"&&e instanceof WebGLRenderingContext&&k.warn("WebGL1 is not supported",e)(),!1)}async attach(e,t={}){let{WebGLDevice:n}=await Promise.resolve().then(()=>(ap(),Qb));if(e instanceof n)return e;let i=n.getDeviceFromContext(e);if(i)return i;if(!z$(e))throw new Error("Invalid WebGL2RenderingContext");t=gL(t),await yL(t);let o=t.createCanvasContext===!0?{}:t.createCanvasContext;return new n({...t,_handle:e,createCanvasContext:{canvas:e.canvas,autoResize:!1,...o}})}async create(e={}){let{WebGLDevice:t}=await Promise.resolve().then(()=>(ap(),Qb));e=gL(e),await yL(e);try{let n=new t(e);k.groupCollapsed(xf,`WebGLDevice ${n.id} created`)();let i=`${n._reused?"Reusing":"Created"} device with WebGL2 ${n.props.debug?"debug ":""}context: ${n.info.vendor}, ${n.info.renderer} for canvas: ${n.canvasContext.id}`;return k.probe(xf,i)(),k.table(xf,n.info)(),n}finally{k.groupEnd(xf)(),k.info(xf,"%cWebGL call tracing: luma.log.set('debug-webgl') ","color: white; background: blue; padding: 2px 6px; border-radius: 3px;")()}}};vf=new Jb});var ip=S(()=>{_L();ap();Uh()});function up(r){return LL.test(r)}function dp(r){return AL.test(r)}function CL(r){let e=LL.exec(r),t=AL.exec(r),n=e?.[1]??t?.[1]??r;try{rt.getVertexFormatInfo(n)}catch{throw new Error(`Unsupported GPUVector format ${r}`)}return n}function zi(r){let e=CL(r),t=up(r),n=dp(r),i=rt.getVertexFormatInfo(e),o=i.type,s=i.normalized,a=j$(o,s);return{format:r,elementFormat:e,vertexList:t,valueList:n,type:o,signedDataType:H$(e,o),primitiveType:a,components:i.components,byteLength:i.byteLength,integer:i.integer,signed:i.signed,normalized:s,...i.webglOnly?{webglOnly:!0}:{}}}function j$(r,e){if(e)return"f32";switch(r){case"float32":return"f32";case"float16":return"f16";case"uint8":case"uint16":case"uint32":return"u32";case"sint8":case"sint16":case"sint32":return"i32";default:throw new Error(`Unsupported GPUVector component type ${r}`)}}function H$(r,e){if(r==="unorm10-10-10-2")return"uint32";switch(e){case"unorm8":return"uint8";case"snorm8":return"sint8";case"unorm16":return"uint16";case"snorm16":return"sint16";default:return e}}var LL,AL,hp=S(()=>{se();LL=/^vertex-list<([^<>]+)>$/,AL=/^value-list<([^<>]+)>$/});function rx(r,e){if(!Number.isSafeInteger(r)||r<0)throw new Error(`${e} must be a non-negative safe integer`)}var Gi,nx=S(()=>{se();Gi=class{buffer;format;length;byteOffset;byteStride;constructor(e){let t=rt.getVertexFormatInfo(e.format).byteLength,n=e.byteOffset??0,i=e.byteStride??t;if(rx(e.length,"GPUDataView length"),rx(n,"GPUDataView byteOffset"),rx(i,"GPUDataView byteStride"),i<t)throw new Error(`GPUDataView byteStride ${i} is smaller than ${e.format} byte length ${t}`);let o=e.length===0?0:(e.length-1)*i+t,s=n+o;if(!Number.isSafeInteger(o)||!Number.isSafeInteger(s))throw new Error("GPUDataView byte range must use safe integers");if(s>e.buffer.byteLength)throw new Error("GPUDataView exceeds its backing buffer byte length");this.buffer=e.buffer,this.format=e.format,this.length=e.length,this.byteOffset=n,this.byteStride=i}get elementByteLength(){return rt.getVertexFormatInfo(this.format).byteLength}get byteLength(){return this.length===0?0:(this.length-1)*this.byteStride+this.elementByteLength}}});function mp(r){return!!(r&&typeof r=="object"&&r.type==="struct")}function RL(r,e){let t=Object.entries(r);if(t.length===0)throw new Error("GPUData struct format must declare at least one field");return e==="packed"?Y$(t):q$(t)}function Y$(r){let e=[],t=0,n=0;for(let[i,o]of r){let s=rt.getVertexFormatInfo(o);if(s.webglOnly)throw new Error(`Packed GPUData struct field "${i}" uses WebGL-only format ${o}`);t=ML(t,Math.min(4,s.byteLength)),e.push([i,Object.freeze({format:o,byteOffset:t,byteLength:s.byteLength})]),t+=s.byteLength,n+=s.components}return Object.freeze({type:"struct",layout:"packed",fields:Object.freeze(Object.fromEntries(e)),components:n,byteStride:ML(t,4),rowByteLength:t})}function q$(r){let e=Object.fromEntries(r.map(([s,a])=>[s,Z$(a)])),t=ns(e,{layout:"wgsl-storage"}),n=[],i=0,o=0;for(let[s,a]of r){let c=rt.getVertexFormatInfo(a),l=t.fields[s].offset*4;n.push([s,Object.freeze({format:a,byteOffset:l,byteLength:c.byteLength})]),i=Math.max(i,l+c.byteLength),o+=c.components}return Object.freeze({type:"struct",layout:"wgsl-storage",fields:Object.freeze(Object.fromEntries(n)),components:o,byteStride:t.byteLength,rowByteLength:i})}function Z$(r){let e=rt.getVertexFormatInfo(r);switch(e.type){case"float32":return pp("f32",e.components);case"sint32":return pp("i32",e.components);case"uint32":return pp("u32",e.components);default:{let t=Math.ceil(e.byteLength/4);return pp("u32",t)}}}function pp(r,e){return e===1?r:`vec${e}<${r}>`}function ML(r,e){return Math.ceil(r/e)*e}var IL=S(()=>{se()});var ix,ox,tc,sx=S(()=>{nx();IL();hp();ix=class{buffer;ownsDataBuffer;constructor(e,t){this.buffer=e,this.ownsDataBuffer=t}get ownsBuffer(){return this.ownsDataBuffer}transferBufferOwnership(e){if(e.buffer!==this.buffer)throw new Error("GPUData ownership can only be transferred to the same buffer");e.ownsDataBuffer=this.ownsDataBuffer,this.ownsDataBuffer=!1}destroy(){this.ownsDataBuffer&&(this.buffer.destroy(),this.ownsDataBuffer=!1)}},ox=class extends ix{dataType;format;length;valueLength;stride;byteOffset;byteStride;rowByteLength;readbackMetadata;valueOffsets;nullBitmap;valueByteLength;constructor(e){let{buffer:t,format:n,length:i,valueLength:o,stride:s,byteOffset:a=0,byteStride:c,rowByteLength:l,ownsBuffer:f=!1,readbackMetadata:u,valueOffsets:d,nullBitmap:h,valueByteLength:p,dataType:g}=e;super(t,f);let y;n?typeof n=="string"?y=n:y=RL(n,e.layout??"wgsl-storage"):y=void 0;let w=mp(y)?y:void 0,x=typeof y=="string"?zi(y):void 0;if(this.dataType=g,this.format=y,this.length=i,this.valueLength=o??i,this.stride=s??x?.components??w?.components??c??l??1,this.byteOffset=a,this.rowByteLength=l??w?.rowByteLength??x?.byteLength??c??this.stride,this.byteStride=c??w?.byteStride??this.rowByteLength,w){if(this.rowByteLength<w.rowByteLength)throw new Error(`GPUData rowByteLength ${this.rowByteLength} is smaller than struct format row byte length ${w.rowByteLength}`);if(this.byteStride<Math.max(w.byteStride,this.rowByteLength))throw new Error(`GPUData byteStride ${this.byteStride} is smaller than its struct row layout`)}this.readbackMetadata=u,this.valueOffsets=d,this.nullBitmap=h,this.valueByteLength=p}getChild(e){if(!mp(this.format))return null;let t=this.format.fields[e];return t?new Gi({buffer:this.buffer,format:t.format,length:this.length,byteOffset:this.byteOffset+t.byteOffset,byteStride:this.byteStride}):null}getChildAt(e){if(!mp(this.format))return null;let t=Object.values(this.format.fields)[e];return t?new Gi({buffer:this.buffer,format:t.format,length:this.length,byteOffset:this.byteOffset+t.byteOffset,byteStride:this.byteStride}):null}},tc=ox});function OL(r){let e=r.format?zi(r.format):void 0,t=r.rowByteLength??r.byteStride??e?.byteLength;if(t===void 0)throw new Error("GPUVector requires format or explicit rowByteLength");return{stride:r.stride??e?.components??1,byteStride:r.byteStride??t,rowByteLength:t}}function X$(r){return r[0]?.format}function K$(r,e){if(r.find(n=>n.format!==e))throw new Error("GPUVector data chunks must share the declared format")}var vi,BL=S(()=>{sx();hp();vi=class{name;dataType;format;length;valueLength;stride;byteOffset;byteStride;rowByteLength;bufferLayout;data=[];device;bufferProps;isAppendable=!1;ownsDataChunks=!0;ownedVectors=[];appendableByteLength=0;constructor(e){switch(e.type){case"buffer":{let{name:t,buffer:n,format:i,length:o,valueLength:s=o,byteOffset:a=0,ownsBuffer:c=!1}=e,{stride:l,byteStride:f,rowByteLength:u}=OL(e);this.name=t,this.dataType=e.dataType,this.format=i,this.length=o,this.valueLength=s,this.stride=l,this.byteOffset=a,this.byteStride=f,this.rowByteLength=u,this.data.push(new tc({buffer:n,format:i,length:o,valueLength:s,stride:l,byteOffset:a,byteStride:f,rowByteLength:u,ownsBuffer:c,dataType:e.dataType}));return}case"interleaved":{let{name:t,buffer:n,format:i,length:o,valueLength:s=o,byteOffset:a=0,byteStride:c,attributes:l,ownsBuffer:f=!1}=e;this.name=t,this.dataType=e.dataType,this.format=i,this.length=o,this.valueLength=s,this.stride=c,this.byteOffset=a,this.byteStride=c,this.rowByteLength=c,this.bufferLayout={name:t,byteStride:c,attributes:l},this.data.push(new tc({buffer:n,format:i,length:o,valueLength:s,stride:c,byteOffset:a,byteStride:c,rowByteLength:c,ownsBuffer:f,dataType:e.dataType}));return}case"data":{let t=e.format??X$(e.data),n=t?zi(t):void 0,{name:i,data:o,stride:s=o[0]?.stride??n?.components??1,valueLength:a=o.reduce((d,h)=>d+h.valueLength,0),byteStride:c=o[0]?.byteStride??n?.byteLength,rowByteLength:l=o[0]?.rowByteLength??n?.byteLength,bufferLayout:f,ownsData:u=!1}=e;if(c===void 0||l===void 0)throw new Error("GPUVector requires format or explicit byte layout metadata");t&&K$(o,t),this.name=i,this.dataType=e.dataType,this.format=t,this.length=o.reduce((d,h)=>d+h.length,0),this.valueLength=a,this.stride=s,this.byteOffset=o.length===1?o[0].byteOffset:0,this.byteStride=c,this.rowByteLength=l,this.bufferLayout=f,this.ownsDataChunks=u,this.data.push(...o);return}case"appendable":{let{name:t,device:n,format:i,valueLength:o=0,bufferProps:s}=e,{stride:a,byteStride:c,rowByteLength:l}=OL(e);this.name=t,this.dataType=e.dataType,this.format=i,this.length=0,this.valueLength=o,this.stride=a,this.byteOffset=0,this.byteStride=c,this.rowByteLength=l,this.device=n,this.bufferProps=s,this.isAppendable=!0;return}}}get ownsBuffer(){return this.ownsDataChunks&&this.data.some(e=>e.ownsBuffer)||this.ownedVectors.some(e=>e.ownsBuffer)}get capacityRows(){return this.isAppendable?this.length:void 0}get appendedByteLength(){return this.appendableByteLength}addData(e){if(this.format&&e.format!==this.format)throw new Error("GPUVector.addData() requires matching formats");if(e.byteStride!==this.byteStride)throw new Error("GPUVector.addData() requires matching byteStride");if(e.rowByteLength!==this.rowByteLength)throw new Error("GPUVector.addData() requires matching rowByteLength");return this.data.push(e),this.length+=e.length,this.valueLength+=e.valueLength,this}appendDataChunk(e,t=this.appendableByteLength+e.buffer.byteLength){if(!this.isAppendable)throw new Error("GPUVector.appendDataChunk() requires appendable vector storage");if(this.format&&e.format!==this.format)throw new Error("GPUVector.appendDataChunk() requires matching formats");if(e.byteStride!==this.byteStride||e.rowByteLength!==this.rowByteLength)throw new Error("GPUVector.appendDataChunk() requires matching byte layout metadata");return this.data.push(e),this.length+=e.length,this.valueLength+=e.valueLength,this.appendableByteLength=t,this}resetLastBatch(){if(!this.isAppendable)throw new Error("GPUVector.resetLastBatch() requires appendable vector storage");for(let e of this.data.splice(0))e.destroy();return this.length=0,this.valueLength=0,this.appendableByteLength=0,this}retainOwnedVectors(e){return this.ownedVectors.push(...e),this}transferBufferOwnership(e){let t=this.data[0],n=e.data[0];if(!t||!n||t.buffer!==n.buffer)throw new Error("GPUVector ownership can only be transferred to the same buffer");t.transferBufferOwnership(n)}destroy(){if(this.ownsDataChunks)for(let e of this.data)e.destroy();for(let e of this.ownedVectors.splice(0))e.destroy()}}});var ax=S(()=>{sx();nx();BL();hp()});var cx,Sr,Tf=S(()=>{se();cx=class{poolSize=20;bufferPools;constructor(){this.bufferPools=new Map}createOrReuse(e,t){if(t>e.limits.maxBufferSize)throw new Error(`Buffer pool cannot allocate ${t} bytes: device.limits.maxBufferSize is ${e.limits.maxBufferSize}`);let n=this.bufferPools.get(e),i=n?n.findIndex(s=>s.byteLength>=t):-1;if(i<0)return e.createBuffer({usage:de.VERTEX|de.STORAGE|de.COPY_DST|de.COPY_SRC,byteLength:t});let[o]=n.splice(i,1);return o}recycle(e){let t=e.device;this.bufferPools.has(t)||this.bufferPools.set(t,[]);let n=this.bufferPools.get(t),i=n.findIndex(o=>o.byteLength>e.byteLength);i<0?n.push(e):n.splice(i,0,e),this.purge()}purge(){for(let[e,t]of this.bufferPools){let n=e.isLost?0:this.poolSize;for(;t.length>n;)t.shift().destroy();t.length===0&&this.bufferPools.delete(e)}}},Sr=new cx});function Q$(r,e,t,n){let{ValueType:i,size:o,offset:s,stride:a}=r,c=a/i.BYTES_PER_ELEMENT,l=s/i.BYTES_PER_ELEMENT,f=n-t;if(c===o){let d=l+t*c;return e.subarray(d,d+f*o)}let u=new i(f*o);for(let d=0;d<f;d++){let h=l+(t+d)*c;u.set(e.subarray(h,h+o),d*o)}return u}function yp(r){if(r instanceof Ve)return r;if(typeof r=="number"||Array.isArray(r))return Ve.fromConstant(r);if(r instanceof tc)return Ve.fromGPUData(r);if(r instanceof Gi)return Ve.fromGPUDataView(r);throw new Error("getGPUDataEvaluator() requires GPUDataEvaluator, GPUData, GPUDataView, number, or number[]")}function J$(r){if(!r.format)throw new Error("GPUDataEvaluator.fromGPUData() requires GPUData format metadata");if(up(r.format)||dp(r.format))throw new Error("GPUDataEvaluator.fromGPUData() does not support variable-length input");let t=zi(r.format).byteLength;if(r.rowByteLength!==t)throw new Error(`GPUDataEvaluator.fromGPUData() requires rowByteLength ${t} for GPUData`)}function kL(r){let e=zi(r.format),t=qo(e.signedDataType),n=t.BYTES_PER_ELEMENT*e.components;if(e.byteLength!==n)throw new Error(`GPUDataEvaluator does not support packed vertex format ${r.format}: ${e.byteLength} physical bytes cannot expose ${e.components} ${e.signedDataType} components`);if(r.byteOffset%t.BYTES_PER_ELEMENT!==0||r.byteStride%t.BYTES_PER_ELEMENT!==0)throw new Error(`GPUDataEvaluator requires ${r.format} offset and stride aligned to ${t.BYTES_PER_ELEMENT} bytes`);return{type:e.signedDataType,size:e.components,offset:r.byteOffset,stride:r.byteStride,normalized:e.normalized,length:r.length,format:r.format}}function gp(r){let e=eV(r).buffer;return e instanceof ir?e.buffer:e}function eV(r){let[e,...t]=r.data;if(!e||t.length>0)throw new Error(`GPUDataEvaluator requires exactly one GPUData chunk for "${r.name}"`);return e}function tV(r){let e=[];return DL(r,e,{byteOffset:0}),e}function DL(r,e,t){let n=r.source;if(n&&!(n instanceof Ve)&&n.name==="interleave"){for(let i of Object.values(n.inputs))i instanceof Ve&&DL(i,e,t);return}e.push({attribute:r.id??r.toString(),format:NL(r.type,r.size,r.normalized),byteOffset:t.byteOffset}),t.byteOffset+=r.ValueType.BYTES_PER_ELEMENT*r.size}function NL(r,e,t=!1){if(e<1||e>4)throw new Error(`Cannot synthesize a GPUVector vertex format with ${e} components`);let n=r;if(t)switch(r){case"uint8":n="unorm8";break;case"sint8":n="snorm8";break;case"uint16":n="unorm16";break;case"sint16":n="snorm16";break;case"float32":n="float32";break;default:throw new Error(`Unsupported normalized vertex format for ${r}`)}return(n==="uint8"||n==="sint8"||n==="uint16"||n==="sint16"||n==="unorm8"||n==="snorm8"||n==="unorm16"||n==="snorm16")&&e===3?`${n}x3-webgl`:`${n}${e===1?"":`x${e}`}`}function rV(r,e,t=!1){return e>=1&&e<=4?NL(r,e,t):void 0}var Ve,$i=S(()=>{se();ut();ax();Tf();Ve=class r{static get bufferPoolSize(){return Sr.poolSize}static set bufferPoolSize(e){if(!Number.isSafeInteger(e)||e<0)throw new Error("GPUDataEvaluator.bufferPoolSize must be a non-negative safe integer");Sr.poolSize=e,Sr.purge()}type;size;get offset(){return this._offset}get stride(){return this._stride}normalized;isConstant;length;get byteLength(){return this._byteLength}ValueType;source=null;format;_id;_destroyed=!1;_value;_offset;_stride;_byteLength;_gpuVector;_bufferOwnership="owned";_targetBuffer;static fromArray(e,{type:t,size:n=1,offset:i=0,stride:o=0,normalized:s=!1}){let a=t,c;if(Array.isArray(e)){a=a||"float32";let f=qo(a);c=new f(e)}else e instanceof Float64Array?(a="uint32",n*=2,i*=2,o*=2,c=new Uint32Array(e.buffer,e.byteOffset,e.byteLength/4)):(a=a||md(e),c=e);let l=`<${a} * ${n}>`;return new r({id:l,type:a,size:n,offset:i,stride:o,normalized:s,value:c})}static fromConstant(e,t="float32"){let n=qo(t),i;return Array.isArray(e)?i=`[${e.join(",")}]`:(i=String(e),e=[e]),new r({id:i,isConstant:!0,type:t,size:e.length,value:new n(e)})}static fromGPUData(e,t={}){J$(e);let n=new Gi({buffer:e.buffer,format:e.format,length:e.length,byteOffset:e.byteOffset,byteStride:e.byteStride});return new r({...kL(n),id:t.id,gpuData:e})}static fromGPUDataView(e,t={}){return new r({...kL(e),id:t.id,buffer:e.buffer})}constructor(e){let{id:t,value:n,buffer:i,gpuData:o,format:s,source:a=null,isConstant:c=!1}=e;if(!a&&!n&&!i&&!o)throw new Error("GPUDataEvaluator must have a value source");let{type:l,size:f,offset:u,stride:d,normalized:h,length:p}=e;if(a instanceof r?(l=l??a.type,f=f??a.size,u=u??a.offset,d=d??a.stride,h=h??a.normalized,p=p??a.length):(f=f??1,u=u??0,h=h??!1,p=c?1:p),!l)throw new Error("GPUDataEvaluator: type not defined");if(this._id=t,this.type=l,this.size=f,this.ValueType=qo(this.type),this._offset=u,this._stride=d||this.ValueType.BYTES_PER_ELEMENT*f,this.normalized=h,this.source=a,this.format=s,p===void 0)if(c)p=1;else{if(!n)throw new Error("GPUDataEvaluator: length not defined");p=Math.ceil(n.byteLength/this.stride)}this.isConstant=c,this.length=p;let g=this.ValueType.BYTES_PER_ELEMENT*this.size;this._byteLength=p===0?0:(p-1)*this.stride+g,this._value=n,this._bufferOwnership=a instanceof r||i||o?"borrowed":"owned",o?this._gpuVector=new vi({type:"data",name:this._id??"data",format:o.format,data:[o],stride:o.stride,byteStride:o.byteStride,rowByteLength:o.rowByteLength}):i&&(this._gpuVector=this.createGPUVectorView({buffer:i,name:this._id,format:this.format}))}get value(){return this._value||(this.source instanceof r?this.source.value:void 0)}get evaluated(){return!!this._gpuVector}get id(){return this._id}get gpuVector(){if(!this._gpuVector)throw new Error(`${this} not evaluated`);return this._gpuVector}get buffer(){return gp(this.gpuVector)}setTargetBuffer({buffer:e,byteOffset:t=0,byteStride:n=this.stride}){if(this._destroyed)throw new Error(`GPUDataEvaluator ${this} already destroyed`);if(this._gpuVector)throw new Error(`GPUDataEvaluator ${this} already evaluated`);if(!this.source||this.source instanceof r)throw new Error("GPUDataEvaluator target buffers require a deferred operation source");this._targetBuffer={buffer:e,byteOffset:t,byteStride:n}}async evaluate(e,t={}){if(this._destroyed)throw new Error(`GPUDataEvaluator ${this} already destroyed`);if(this._gpuVector)return this._gpuVector;let n;if(this.source instanceof r){let i=await this.source.evaluate(e);return this._gpuVector=this.createGPUVectorView({...t,buffer:gp(i)}),this._gpuVector}if(n=this._getEvaluationBuffer(e),this._value)n.write(this._value);else{let i=await this.source.execute(e,n);if(!i.success)throw i.error||new Error(`${this.source} evaluation failed`);i.value&&(this._value=i.value)}return this._gpuVector=this.createGPUVectorView({...t,buffer:n}),this._gpuVector}evaluateSync(e,t={}){if(this._destroyed)throw new Error(`GPUDataEvaluator ${this} already destroyed`);if(this._gpuVector)return this._gpuVector;let n;if(this.source instanceof r){let i=this.source.evaluateSync(e);return this._gpuVector=this.createGPUVectorView({...t,buffer:gp(i)}),this._gpuVector}if(n=this._getEvaluationBuffer(e),this._value)n.write(this._value);else{let i=this.source.executeSync(e,n);if(!i.success)throw i.error||new Error(`${this.source} evaluation failed`);i.value&&(this._value=i.value)}return this._gpuVector=this.createGPUVectorView({...t,buffer:n}),this._gpuVector}createGPUVectorView(e){let t=e.name??this._id??"vector",n=e.format??this.format??rV(this.type,this.size,this.normalized);if(e.interleaved){let i=typeof e.interleaved=="object"&&e.interleaved.attributes?e.interleaved.attributes:tV(this);return new vi({type:"interleaved",name:t,buffer:e.buffer,format:e.format??this.format,length:this.length,byteOffset:this.offset,byteStride:this.stride,attributes:i,ownsBuffer:!1})}return new vi({type:"buffer",name:t,buffer:e.buffer,format:n,length:this.length,stride:this.size,byteOffset:this.offset,byteStride:this.stride,rowByteLength:this.ValueType.BYTES_PER_ELEMENT*this.size,ownsBuffer:!1})}_getEvaluationBuffer(e){let t=this._targetBuffer;if(!t)return Sr.createOrReuse(e,this.byteLength);if(t.buffer.device!==e)throw new Error("GPUDataEvaluator target buffer belongs to a different device");let n=this.ValueType.BYTES_PER_ELEMENT*this.size,i=this.length===0?0:(this.length-1)*t.byteStride+n;if(t.byteOffset+i>t.buffer.byteLength)throw new Error("GPUDataEvaluator target buffer is too small for the output layout");return this._offset=t.byteOffset,this._stride=t.byteStride,this._byteLength=i,this._bufferOwnership="borrowed",this._targetBuffer=void 0,t.buffer}async readValue(e=0,t){let{ValueType:n}=this,{size:i,offset:o,stride:s,length:a}=this,c=n.BYTES_PER_ELEMENT*i;if(t=t??a,e=Math.max(0,Math.min(a,e)),t=Math.max(e,Math.min(a,t)),this._value)return Q$(this,this._value,e,t);let l=t-e;if(l===0)return new n(0);let f=o+e*s,u=s===c?l*c:(l-1)*s+c,d=await this.buffer.readAsync(f,u),h=new n(d.buffer,d.byteOffset,d.byteLength/n.BYTES_PER_ELEMENT);if(s===c)return h;let p=new Uint8Array(c*l);for(let g=0;g<l;g++){let y=g*s;p.set(d.subarray(y,y+c),g*c)}return new n(p.buffer)}async ensureCPUValue(){let e=this.value;if(e)return e;let t=await this.buffer.readAsync(0,this.offset+this.byteLength);if(t.byteLength%this.ValueType.BYTES_PER_ELEMENT!==0)throw new Error(`${this} backing buffer byte length is not aligned to its scalar type`);let n=t.slice();return this._value=new this.ValueType(n.buffer,n.byteOffset,n.byteLength/this.ValueType.BYTES_PER_ELEMENT),this._value}ensureCPUValueSync(){let e=this.value;if(e)return e;throw new Error(`${this} CPU value is not available for synchronous evaluation`)}toString(){return this._id??this.source?.toString()??this.constructor.name}destroy(){this._gpuVector&&(this._bufferOwnership==="owned"&&Sr.recycle(gp(this._gpuVector)),this._gpuVector=void 0),this._targetBuffer=void 0,this._destroyed=!0}}});var rc,_p=S(()=>{rc={add:{arity:2,symbol:"arithmetic_add"},subtract:{arity:2,symbol:"arithmetic_subtract"},multiply:{arity:2,symbol:"arithmetic_multiply"},divide:{arity:2,symbol:"arithmetic_divide"},pow:{arity:2,symbol:"pow"},sqrt:{arity:1,symbol:"sqrt"},abs:{arity:1,symbol:"abs"},sin:{arity:1,symbol:"sin"},cos:{arity:1,symbol:"cos"},tan:{arity:1,symbol:"arithmetic_tan"},exp:{arity:1,symbol:"exp"},log:{arity:1,symbol:"log"}}});function QL(r,{operations:e,inputs:t}){switch(r.kind){case"input":if(!(r.name in t))throw new Error(`Unknown expression input '${r.name}'`);return;case"literal":if(Array.isArray(r.value)){for(let n of r.value)if(!Number.isFinite(n))throw new Error(`Expression literal array must contain only finite values, got ${n}`)}else if(!Number.isFinite(r.value))throw new Error(`Expression literal must be finite, got ${r.value}`);return;case"call":{let n=e[r.op];if(!n)throw new Error(`Unknown expression op '${r.op}'`);if(r.args.length!==n.arity)throw new Error(`Expression op '${r.op}' expects ${n.arity} args, got ${r.args.length}`);for(let i of r.args)QL(i,{operations:e,inputs:t});return}default:{let n=r;throw new Error(`Unsupported expression node ${n.kind}`)}}}function bp(r,e){return QL(r,e),JL(r,e)}function JL(r,e){switch(r.kind){case"input":{let t=e.inputs[r.name];return e.laneIndex<t.size?e.formatInput(r.name):e.formatOutOfBoundsInput(r.name)}case"literal":return e.formatLiteral(r.value);case"call":{let t=e.operations[r.op],n=r.args.map(i=>JL(i,e));return e.formatCall(t.symbol,n)}default:{let t=r;throw new Error(`Unsupported expression node ${t.kind}`)}}}var dx=S(()=>{});function sr(r,e,t=!1){if(t)return e===1?"float":`vec${e}`;switch(r){case"uint8":case"uint16":case"uint32":return e===1?"uint":`uvec${e}`;case"sint8":case"sint16":case"sint32":return e===1?"int":`ivec${e}`;default:return e===1?"float":`vec${e}`}}function xp(r,e,t=!1){let n;if(t)switch(r){case"uint8":n="unorm8";break;case"sint8":n="snorm8";break;case"uint16":n="unorm16";break;case"sint16":n="snorm16";break;case"float32":n="float32";break;default:throw new Error(`Unsupported normalized vertex format for ${r}`)}else n=r;return e===1?n:e===3&&!n.startsWith("float32")&&!n.endsWith("32")?`${n}x3-webgl`:`${n}x${e}`}function xo(r){switch(r[0]){case"u":return"0u";case"s":return"0";default:return"0."}}function eA(r,e){switch(r){case"uint8":case"uint16":case"uint32":return`${Math.trunc(e)}u`;case"sint8":case"sint16":case"sint32":return`${Math.trunc(e)}`;default:return Number.isInteger(e)?`${e}.0`:`${e}`}}function tA(r){switch(r){case"uint8":return"r8uint";case"sint8":return"r8sint";case"uint16":return"r16uint";case"sint16":return"r16sint";case"uint32":return"r32uint";case"sint32":return"r32sint";case"float32":return"r32float";default:throw new Error(`Unsupported WebGL gather texture format for ${r}`)}}function rA(r){switch(r){case"uint32":return"usampler2D";case"sint32":return"isampler2D";case"float32":return"sampler2D";default:throw new Error(`Unsupported WebGL gather sampler type for ${r}`)}}var ic=S(()=>{});function ar({module:r,elementWise:e=!1,expression:t,inputs:n,output:i,operationType:o=i.type,outputBuffer:s}){let a=s.device,c=Is("result",i.type,i.size,i.normalized),l=[r,c],f=[],u={},d=sr(i.type,1,i.normalized),h=sr(o,1,i.normalized),p="",g=null,y={TYPE:h,RESULT_LEN:i.size.toString()},w=uV(n);for(let[T,L]of w)l.push(hx(T,L.type,L.size,L.normalized,o)),f.push(px(T,L)),L instanceof Ve?u[T]=L.buffer:(g=g||Sr.createOrReuse(a,s.byteLength),u[T]=g),p+=`TYPE ${T}[${L.size}]; get_${T}(${T});
`,y[`${T.toUpperCase()}_LEN`]=L.size.toString();let x="";if(t)for(let T=0;T<i.size;T++)x+=`result[${T}]=${t(T)};
`;else if(e)for(let T=0;T<i.size;T++){let L=xo(h),D=w.map(([B,F])=>T<F.size?`${B}[${T}]`:L);x+=`result[${T}]=${r.name}(${D.join(", ")});
`}else x=`${r.name}(${w.map(([T])=>T).join(", ")}, result);`;let b=`#version 300 es

void main() {
${p}
${d} result[${i.size}];
${x}
set_result(result);
}
  `,v=new or(a,{vs:b,shaderAssembler:fV,defines:y,modules:l,bufferLayout:f,vertexCount:1,instanceCount:i.length,attributes:u,feedbackBufferMode:"interleaved",outputs:c.varyings});a.statsManager.getStats(cV).get(lV).incrementCount(),v.run({inputBuffers:u,outputBuffers:{[c.varyings[0]]:i.offset===0?s:{buffer:s,byteOffset:i.offset,byteLength:i.byteLength}}}),g&&Sr.recycle(g)}function uV(r){return Array.isArray(r)?r.map((e,t)=>[`x${t}`,e]):Object.entries(r)}function hx(r,e,t,n=!1,i=e){let o="",s="";for(let c=0;c<t;c+=4){let l=Math.min(t-c,4),f=sr(e,l,n);o+=`in ${f} a${r}_${c};
`;for(let u=0;u<l;u++){let d=`a${r}_${c}`;l>1&&(d=`${d}[${u}]`),(n||e!==i)&&(d=`TYPE(${d})`),s+=`v[${c+u}]=${d};
`}}let a=`
${o}
void get_${r}(out TYPE v[${t}]) {
  ${s}
}
`;return{name:r,vs:a}}function px(r,e){let t={name:r,stepMode:e.isConstant?"vertex":"instance",byteStride:e.stride,attributes:[]};for(let n=0;n<e.size;n+=4){let i=Math.min(e.size-n,4);t.attributes.push({attribute:`a${r}_${n}`,format:xp(e.type,i,e.normalized),byteOffset:e.offset+e.ValueType.BYTES_PER_ELEMENT*n})}return t}function Is(r,e,t,n=!1){let i=[],o=sr(e,1,n),s="",a="";for(let c=0;c<t;c+=4){let l=Math.min(t-c,4),f=sr(e,l,n);i.push(`${r}_${c}`),s+=`flat out ${f} ${r}_${c};
`;let u=Array.from({length:l},(d,h)=>c+h);a+=`${r}_${c} = ${f}(${u.map(d=>`v[${d}]`).join(",")});
`}return{name:r,varyings:i,vs:`
${s}
void set_${r}(in ${o} v[${t}]) {
  ${a}
}
`}}var cV,lV,fV,Jr=S(()=>{ut();Or();$i();Tf();ic();cV="GPGPU Operation Counts",lV="Transform Runs",fV=new wa});var dV,vp,mx=S(()=>{Or();dx();_p();Jr();ic();dV=`TYPE arithmetic_add(TYPE x, TYPE y) {
  return x + y;
}

TYPE arithmetic_subtract(TYPE x, TYPE y) {
  return x - y;
}

TYPE arithmetic_multiply(TYPE x, TYPE y) {
  return x * y;
}

TYPE arithmetic_divide(TYPE x, TYPE y) {
  return x / y;
}

float arithmetic_tan(float x) {
  return tan_fp32(x);
}
`,vp=({inputs:r,output:e,target:t})=>{let n=e.type,i=sr(n,1,e.normalized),o=xo(i),s=r.namedInputs;return ar({module:{name:"arithmetic",dependencies:[us],vs:dV},inputs:s,output:e,operationType:n,outputBuffer:t,expression:a=>bp(r.expression,{operations:rc,inputs:s,laneIndex:a,formatInput:c=>`${c}[${a}]`,formatOutOfBoundsInput:c=>s[c].size===1?`${c}[0]`:o,formatLiteral:c=>{let l=Array.isArray(c)?c[a]??0:c;return`${i}(${eA(n,l)})`},formatCall:(c,l)=>`${c}(${l.join(", ")})`})}),{success:!0}}});var hV,pV,iA,nA,oA=S(()=>{se();ut();$i();Tf();mx();Jr();hV="GPGPU Operation Counts",pV="Transform Runs",iA=({inputs:r,output:e,target:t})=>{let{sourceValues:n}=r,i=t.device;if(n.length===0){let u=new e.ValueType(e.length*e.size);return t.write(u),{success:!0,value:u}}if(n.isConstant){let u=n.value,d=new e.ValueType(e.length*e.size);for(let h=0;h<e.length;h++){let p=u[h];d[h*2]=p,d[h*2+1]=p}return t.write(d),{success:!0,value:d}}let o=i.createTexture({width:1,height:e.length,format:"rg32float",usage:Ie.RENDER|Ie.COPY_SRC|Ie.COPY_DST}),s=i.createFramebuffer({colorAttachments:[o]}),a=`#version 300 es

flat out float extent_value;

void main() {
  float sourceValues[SOURCE_VALUES_LEN];
  get_sourceValues(sourceValues);
  extent_value = sourceValues[gl_VertexID];

  float y = (float(gl_VertexID) + 0.5) / float(CHANNEL_COUNT) * 2.0 - 1.0;
  gl_Position = vec4(0.0, y, 0.0, 1.0);
  gl_PointSize = 1.0;
}
  `,c=`#version 300 es

precision highp float;

flat in float extent_value;
out vec2 fragColor;

void main() {
  fragColor = vec2(-extent_value, extent_value);
}
  `,l=new qt(i,{vs:a,fs:c,topology:"point-list",parameters:{depthCompare:"always",blend:!0,blendColorSrcFactor:"one",blendColorDstFactor:"one",blendColorOperation:"max",blendAlphaSrcFactor:"one",blendAlphaDstFactor:"one",blendAlphaOperation:"max"},modules:[hx("sourceValues",n.type,n.size,n.normalized)],defines:{TYPE:"float",SOURCE_VALUES_LEN:n.size.toString(),CHANNEL_COUNT:e.length.toString()},attributes:{sourceValues:n.buffer},bufferLayout:[px("sourceValues",n)],instanceCount:n.length,vertexCount:e.length,disableWarnings:!0}),f=Sr.createOrReuse(i,e.byteLength);try{let u=i.beginRenderPass({framebuffer:s,parameters:{viewport:[0,0,1,e.length]},clearColor:[-nA,-nA,0,0],clearDepth:!1,clearStencil:!1});i.statsManager.getStats(hV).get(pV).incrementCount(),l.draw(u),u.end();let d=i.createCommandEncoder();return d.copyTextureToBuffer({sourceTexture:o,width:1,height:e.length,destinationBuffer:f,byteOffset:0,bytesPerRow:8}),i.submit(d.finish()),vp({device:i,inputs:{expression:{kind:"call",op:"multiply",args:[{kind:"input",name:"x"},{kind:"literal",value:[-1,1]}]},namedInputs:{x:new Ve({buffer:f,size:2,type:"float32",length:e.length})}},output:e,target:t})}finally{l.destroy(),Sr.recycle(f),s.destroy(),o.destroy()}},nA=3e38});function mV(r,e){let t=e.reduce((n,[,i])=>n+Math.ceil(i.size/4),0);if(t>r)throw new Error(`interleave() requires ${t} vertex attributes, exceeding device limit ${r}`)}function gV(r,e){if(e.size>r)throw new Error(`interleave() output size ${e.size} exceeds device inter-stage component limit ${r}`)}var sA,aA=S(()=>{Jr();sA=({inputs:r,output:e,target:t})=>{let n=r.map((c,l)=>[`x${l}`,c]);mV(t.device.limits.maxVertexAttributes,n),gV(t.device.limits.maxInterStageShaderVariables,e);let i=n.map(([c,l])=>`in TYPE ${c}[${l.size}]`).join(", "),o=0,s=n.map(([c,l])=>{let f=Array.from({length:l.size},(u,d)=>`  result[${o+d}] = ${c}[${d}];`).join(`
`);return o+=l.size,f}).join(`
`),a=`void interleave(${i}, out TYPE result[RESULT_LEN]) {
${s}
}
`;return ar({module:{name:"interleave",vs:a},inputs:r,output:e,outputBuffer:t}),{success:!0}}});function yV(){let r=new Uint16Array([255]);return new Uint8Array(r.buffer)[0]>0}var _V,cA,lA=S(()=>{Jr();_V=`#define LE ${yV()?1:0}
const uint F32_NAN = 0xffffffffu;
const uint F32_INF = 0x7f800000u;

// Find first set bit using binary search
// https://en.wikipedia.org/wiki/Find_first_set#CLZ
int countLeadingZeros(uint a) {
  if (a == 0u) return 32;
  int n = 0;
  if ((a & 0xffff0000u) == 0u) { n += 16; a = a << 16; }
  if ((a & 0xff000000u) == 0u) { n += 8;  a = a << 8;  }
  if ((a & 0xf0000000u) == 0u) { n += 4;  a = a << 4;  }
  if ((a & 0xc0000000u) == 0u) { n += 2;  a = a << 2;  }
  if ((a & 0x80000000u) == 0u) return n + 1;
  return n;
}

uint roundShiftRight(uint value, int shift) {
  if (shift <= 0) {
    return value << (-shift);
  }

  if (shift >= 32) {
    if (shift == 32 && value > 0x80000000u) {
      return 1u;
    }
    return 0u;
  }

  uint truncated = value >> shift;
  uint halfShift = 1u << (shift - 1);
  uint remainder = value & ((1u << shift) - 1u);
  if (remainder > halfShift || (remainder == halfShift && (truncated & 1u) == 1u)) {
    return truncated + 1u;
  }
  return truncated;
}

uint makeFloat_(uint sign, int exponent, uint mantissa) {
  return (sign << 31) | (uint(exponent + 127) << 23) | (mantissa & 0x7fffffu);
}

/**
 * Assemble a float32 in bit representation according to IEEE 754
 * https://en.wikipedia.org/wiki/Single-precision_floating-point_format
 */
uint makeFloat(uint sign, int exponent, uint significand) {
  if (significand == 0u) {
    return sign << 31;
  }

  // Remove any extra leading zeros for better precision
  int lead_zeros = countLeadingZeros(significand);
  // Significand is encoded as 1.fraction
  int normalizedExponent = exponent + 31 - lead_zeros;

  if (normalizedExponent > 127) {
    return (sign << 31) | F32_INF;
  }

  uint mantissa;
  if (normalizedExponent >= -126) {
    mantissa = roundShiftRight(significand, 8 - lead_zeros);
    if (mantissa >= 0x1000000u) {
      mantissa >>= 1;
      normalizedExponent++;
      if (normalizedExponent > 127) {
        return (sign << 31) | F32_INF;
      }
    }
    return makeFloat_(sign, normalizedExponent, mantissa);
  }

  int subnormalShift = -149 - exponent;
  mantissa = roundShiftRight(significand, subnormalShift);
  if (mantissa >= 0x800000u) {
    return (sign << 31) | (1u << 23);
  }
  return (sign << 31) | mantissa;
}

/**
 * Parse 8-byte memory as a float64 number according to IEEE 754
 * https://en.wikipedia.org/wiki/Double-precision_floating-point_format
 * Returns 8-byte memory as 2 float32 numbers, consisting of
 * high part: fround(d)
 * low part: d - fround(d)
 */
uvec2 parseAsDouble(uvec2 d) {
  #if LE
  d = d.yx; // to big endian
  #endif

  uint sign = (d[0] >> 31) & 1u; // first bit
  uint exponentBits = (d[0] >> 20) & 0x7ffu;
  int exponent = int(exponentBits) - 1023; // next 11 bits
  uint fractionHigh = d[0] & 0xfffffu;
  uint fractionLow = d[1];

  if (exponentBits == 0x7ffu) {
    if (fractionHigh == 0u && fractionLow == 0u) {
      return uvec2((sign << 31) | F32_INF, F32_NAN);
    }
    return uvec2(F32_NAN);
  }
  
  if (exponentBits == 0u) {
    // All float64 subnormals are too small to survive a float32 split.
    return uvec2(sign << 31);
  }

  if (exponent > 127) {
    return uvec2((sign << 31) | F32_INF, ((1u - sign) << 31) | F32_INF);
  }

  uint hi_part;
  uint low_part;

  // float64 significand has 52 bits
  // float32 significand has 23 bits
  // The significand of the high part is the significand of the double, trimmed
  uint f_hi = 0x800000u | (fractionHigh << 3) | (fractionLow >> 29);
  uint f_low = fractionLow & 0x1fffffffu;

  if (exponent < -126) {
    // For tiny normals, the top 24 significand bits still contribute to the float32
    // high part, but they land in the float32 subnormal range.
    hi_part = makeFloat(sign, exponent - 23, f_hi);

    // The residual keeps the remaining 29 significand bits at the original double scale.
    low_part = makeFloat(sign, exponent - 52, f_low);
    return uvec2(hi_part, low_part);
  }

  bool roundUp = f_low > 0x10000000u || (f_low == 0x10000000u && (f_hi & 1u) == 1u);

  uint f_rounded = f_hi + (roundUp ? 1u : 0u);
  int exponent_hi = exponent;
  if (f_rounded == 0x1000000u) {
    f_rounded = 0x800000u;
    exponent_hi++;
  }

  if (exponent_hi > 127) {
    // Overflows float32 limit
    hi_part = (sign << 31) | F32_INF;
    low_part = ((1u - sign) << 31) | F32_INF;
    return uvec2(hi_part, low_part);
  }
  
  hi_part = makeFloat_(sign, exponent_hi, f_rounded);

  int remainder = int(f_low);
  uint sign_low = sign;
  if (roundUp) {
    remainder -= 0x20000000;
  }
  if (remainder < 0) {
    sign_low = 1u - sign;
    remainder = -remainder;
  }
  low_part = makeFloat(sign_low, exponent - 52, uint(remainder));

  return uvec2(hi_part, low_part);
}

void fround(in uint x[X_LEN], out float result[X_LEN]) {
  int n = X_LEN / 2;
  for (int i = 0; i < n; i++) {
    uvec2 f = parseAsDouble(uvec2(x[i * 2], x[i * 2 + 1]));
    result[i] = uintBitsToFloat(f.x);
    result[i + n] = uintBitsToFloat(f.y);
  }
}
`,cA=({inputs:r,output:e,target:t})=>(ar({module:{name:"fround",vs:_V},inputs:r,output:e,operationType:"uint32",outputBuffer:t}),{success:!0})});function wp(r,e,t){let n=rA(t),i=sr(e,1),o=Array.from({length:r.size},(s,a)=>`  v[${a}] = ${i}(texelFetch(source_values_texture, ivec2(${a}, rowIndex), 0).r);`).join(`
`);return{name:"source_values_texture",vs:`
uniform highp ${n} source_values_texture;
void read_source_values(int rowIndex, out TYPE v[${r.size}]) {
${o}
}
`}}function Ep(r,e,t){let n=t.createTexture({width:Math.max(r.size,1),height:r.length,format:tA(e),usage:Ie.SAMPLE|Ie.COPY_DST});if(r.length===0)return n;let i=t.createCommandEncoder();return i.copyBufferToTexture({sourceBuffer:r.buffer,destinationTexture:n,byteOffset:r.offset,bytesPerRow:r.stride,rowsPerImage:r.length,size:[r.size,r.length,1]}),t.submit(i.finish()),n}var gx=S(()=>{se();ic()});function bV(r,e){let t=sr(r.type,1),n="aids_0";return r.type!==wV(e)&&(n=`${e}(${n})`),{name:"ids",vs:`
in ${t} aids_0;
void get_ids(out INDEX_TYPE v[1]) {
  v[0] = ${n};
}
`}}function xV(r){return{name:"ids",stepMode:r.isConstant?"vertex":"instance",byteStride:r.stride,attributes:[{attribute:"aids_0",format:xp(r.type,1,r.normalized),byteOffset:r.offset}]}}function vV(r){return{name:"gather",vs:`
void zero_result(out TYPE result[RESULT_LEN]) {
  for (int i = 0; i < RESULT_LEN; i++) {
    result[i] = ${xo(r)};
  }
}

void gather(in INDEX_TYPE ids[1], out TYPE result[RESULT_LEN]) {
  int sourceIndex = int(ids[0]);
  if (sourceIndex < 0 || sourceIndex >= SOURCE_VALUES_ROWS) {
    zero_result(result);
    return;
  }
  read_source_values(sourceIndex, result);
}
`}}function wV(r){switch(r){case"uint":return"uint32";case"int":return"sint32";default:return"float32"}}var fA,uA=S(()=>{ut();ic();Jr();gx();fA=async({inputs:r,output:e,target:t})=>{let{ids:n,sourceValues:i}=r,o=t.device,s=Is("result",e.type,e.size),a=sr(n.type,1),c=sr(e.type,1),l=e.type,f=Ep(i,l,o),u=`#version 300 es

void main() {
  INDEX_TYPE ids[1];
  get_ids(ids);
  TYPE result[${e.size}];
  gather(ids, result);
  set_result(result);
}
  `,d=new or(o,{vs:u,defines:{INDEX_TYPE:a,TYPE:c,RESULT_LEN:e.size.toString(),SOURCE_VALUES_ROWS:i.length.toString()},modules:[bV(n,a),wp(i,e.type,l),vV(e.type),s],bindings:{source_values_texture:f},bufferLayout:[xV(n)],vertexCount:1,instanceCount:e.length,feedbackBufferMode:"interleaved",outputs:s.varyings});try{return d.run({inputBuffers:{ids:n.buffer},outputBuffers:{[s.varyings[0]]:t}}),{success:!0}}finally{d.destroy(),f.destroy()}}});var EV,dA,hA=S(()=>{Jr();EV=`void row_dot(in TYPE x[X_LEN], in TYPE y[Y_LEN], out float result[1]) {
  float sum = 0.0;
  for (int i = 0; i < X_LEN; i++) {
    sum += float(x[i]) * float(y[i]);
  }
  result[0] = sum;
}
`,dA=({inputs:r,output:e,target:t})=>(ar({module:{name:"row_dot",vs:EV},inputs:r,output:e,operationType:"float32",outputBuffer:t}),{success:!0})});var PV,pA,mA=S(()=>{Jr();PV=`void equalAll(in TYPE x[X_LEN], in TYPE y[Y_LEN], out uint result[1]) {
  uint allEqual = uint(1);
  for (int i = 0; i < X_LEN; i++) {
    if (x[i] != y[i]) {
      allEqual = uint(0);
      break;
    }
  }
  result[0] = allEqual;
}
`,pA=({inputs:r,output:e,target:t})=>(ar({module:{name:"equalAll",vs:PV},inputs:r,output:e,operationType:e.type==="uint32"?r.x.type:e.type,outputBuffer:t}),{success:!0})});var SV,gA,yA=S(()=>{Jr();SV=`void row_length(in TYPE x[X_LEN], out float result[1]) {
  float sum = 0.0;
  for (int i = 0; i < X_LEN; i++) {
    sum += float(x[i]) * float(x[i]);
  }
  result[0] = sqrt(sum);
}
`,gA=({inputs:r,output:e,target:t})=>(ar({module:{name:"row_length",vs:SV},inputs:r,output:e,operationType:"float32",outputBuffer:t}),{success:!0})});function TV(){return{name:"segmentedMap",vs:`
uint read_segment_start(int segmentIndex) {
  TYPE value[1];
  read_source_values(segmentIndex, value);
  return uint(value[0]);
}

void segmentedMap(out TYPE result[RESULT_LEN]) {
  uint vertexIndex = uint(gl_InstanceID);
  int low = 0;
  int high = SEGMENTS_LENGTH;

  while (low < high) {
    int mid = low + (high - low) / 2;
    uint midStart = read_segment_start(mid);
    if (midStart <= vertexIndex) {
      low = mid + 1;
    } else {
      high = mid;
    }
  }

  uint segmentIndex = uint(max(low - 1, 0));
  uint segmentStart = read_segment_start(int(segmentIndex));
  result[0] = segmentIndex;
  result[1] = vertexIndex - segmentStart;
}
`}}var _A,bA=S(()=>{ut();gx();Jr();_A=async({inputs:r,output:e,target:t})=>{let{segments:n}=r,i=t.device,o=Is("result",e.type,e.size),s=n.type,a=Ep(n,s,i),c=new or(i,{vs:`#version 300 es

void main() {
  TYPE result[RESULT_LEN];
  segmentedMap(result);
  set_result(result);
}
`,defines:{TYPE:"uint",RESULT_LEN:e.size.toString(),SEGMENTS_LENGTH:n.length.toString()},modules:[wp(n,e.type,s),TV(),o],bindings:{source_values_texture:a},vertexCount:1,instanceCount:e.length,feedbackBufferMode:"interleaved",outputs:o.varyings});try{return c.run({outputBuffers:{[o.varyings[0]]:t}}),{success:!0}}finally{c.destroy(),a.destroy()}}});function yx(r,e,t,n){return t<e.size?`${r}[${t}]`:e.size===1?`${r}[0]`:n}var xA,vA=S(()=>{Jr();ic();xA=async({inputs:r,output:e,target:t})=>{let n=sr(e.type,1,e.normalized),i=xo(n);return ar({module:{name:"select",vs:""},inputs:r,output:e,operationType:e.type,outputBuffer:t,expression:o=>{let s=yx("condition",r.condition,o,i),a=yx("whenTrue",r.whenTrue,o,i),c=yx("whenFalse",r.whenFalse,o,i);return`(${s} != ${i} ? ${a} : ${c})`}}),{success:!0}}});var wA,EA=S(()=>{ut();Jr();wA=({inputs:r,output:e,target:t})=>{let n=Is("result",e.type,e.size),i=new or(t.device,{vs:`#version 300 es

void main() {
  int result[1];
  result[0] = START + gl_InstanceID * STEP;
  set_result(result);
}
`,defines:{START:r.start.toString(),STEP:r.step.toString()},modules:[n],vertexCount:1,instanceCount:e.length,feedbackBufferMode:"interleaved",outputs:n.varyings});try{return i.run({outputBuffers:{[n.varyings[0]]:t}}),{success:!0}}finally{i.destroy()}}});var PA,SA=S(()=>{Jr();PA=({inputs:r,output:e,target:t})=>{let{columns:n}=r;return ar({module:{name:"swizzle",vs:"// swizzle expression handled inline"},expression:i=>`x[${n[i]}]`,inputs:{x:r.x},output:e,outputBuffer:t}),{success:!0}}});var TA={};Ti(TA,{arithmetic:()=>vp,dot:()=>dA,equalAll:()=>pA,extent:()=>iA,fround:()=>cA,gather:()=>fA,interleave:()=>sA,length:()=>gA,segmentedMap:()=>_A,select:()=>xA,sequence:()=>wA,swizzle:()=>PA});var LA=S(()=>{mx();oA();aA();lA();uA();hA();mA();yA();bA();vA();EA();SA()});function wi(r,e){let t=LV(e),n=Math.max(1,Math.ceil(r)),i=Math.min(n,t),o=Math.min(Math.ceil(n/i),t),s=Math.ceil(n/i/o);if(s>t)throw new Error(`WebGPU dispatch requires ${n} workgroups, exceeding the 3D dispatch limit of ${t} per dimension`);return{x:i,y:o,z:s}}function _x(r,e="workgroupId"){return`((${e}.z * ${r.y}u + ${e}.y) * ${r.x}u + ${e}.x)`}function vo(r,e,t="workgroupId",n="localId"){return`(${_x(r,t)} * ${e}u + ${n}.x)`}function LV(r){return Number.isFinite(r)&&r>0?Math.floor(r):65535}var oc=S(()=>{});function wo(r,e){switch(r){case"u32":return`${e}u`;case"f32":return Number.isInteger(e)?`${e}.0`:`${e}`;default:return`${e}`}}function AA(r,e){switch(r){case"uint32":return wo("u32",Math.trunc(e));case"sint32":return`${Math.trunc(e)}`;case"float32":return wo("f32",e);default:throw new Error(`WebGPU operations only support 32-bit output types, got ${r}`)}}function Eo(r){switch(r){case"uint32":return"0u";case"sint32":return"0";case"float32":return"0.0";default:throw new Error(`WebGPU operations only support 32-bit output types, got ${r}`)}}function Ke(r){switch(r){case"uint32":return"u32";case"sint32":return"i32";case"float32":return"f32";default:throw new Error(`WebGPU operations only support 32-bit storage types, got ${r}`)}}var Os=S(()=>{});function cr({module:r,elementWise:e=!1,expression:t,inputs:n,output:i,operationType:o=i.type,outputBuffer:s}){if(!r.source)throw new Error(`WebGPU computation ${r.name} requires WGSL source`);let a=DV(n),c=a.map(([x,b])=>({name:x,input:b})),l=c.filter(({input:x})=>!x.isConstant).map((x,b)=>({...x,index:b})),f=Ke(o),u=Ke(i.type),d={TYPE:f,RESULT_LEN:i.size.toString()},h=wi(Math.ceil(i.length/bx),s.device.limits.maxComputeWorkgroupsPerDimension);for(let[x,b]of a)d[`${x.toUpperCase()}_LEN`]=b.size.toString();let p=`
${FV(r.source,d)}
${l.map(({name:x,input:b,index:v})=>RV(x,b,v)).join(`
`)}
${c.map(({name:x,input:b})=>IV(x,b,o)).join(`
`)}
${OV(i,l.length)}
${BV(i)}

@compute @workgroup_size(${bx}) fn main(
  @builtin(workgroup_id) workgroupId: vec3<u32>,
  @builtin(local_invocation_id) localId: vec3<u32>
) {
  let rowIndex = ${vo(h,bx)};
  if (rowIndex >= ${i.length}u) {
    return;
  }

${c.map(({name:x})=>`  let ${x} = read_${x}(rowIndex);`).join(`
`)}
  var result: array<${u}, ${i.size}>;
${kV(r.name,a,i,e,t)}
  write_result(rowIndex, result);
}
`,g=new Kr(s.device,{source:p,modules:r.dependencies,shaderAssembler:MV,shaderLayout:{bindings:[...l.map(({name:x},b)=>({name:x,type:"storage",group:0,location:b})),{name:"result",type:"storage",group:0,location:l.length}]}}),y=Object.fromEntries(l.map(({name:x,input:b})=>[x,b.buffer]));y.result=s,g.setBindings(y);let w=s.device.beginComputePass({});s.device.statsManager.getStats(AV).get(CV).incrementCount(),g.dispatch(w,h.x,h.y,h.z),w.end(),s.device.submit(),g.destroy()}function RV(r,e,t){if(e.isConstant)return"";let n=Ke(e.type);return`@group(0) @binding(${t}) var<storage, read> ${r}: array<${n}>;`}function IV(r,e,t){let n=Ke(t),i=e.type===t?"":n,o=e.stride/e.ValueType.BYTES_PER_ELEMENT,s=e.offset/e.ValueType.BYTES_PER_ELEMENT;return e.isConstant?`fn read_${r}(_rowIndex: u32) -> array<${n}, ${e.size}> {
  return array<${n}, ${e.size}>(${NV(e,i)});
}`:`fn read_${r}(rowIndex: u32) -> array<${n}, ${e.size}> {
  var value: array<${n}, ${e.size}>;
  let rowOffset = ${s}u + rowIndex * ${o}u;
${Array.from({length:e.size},(a,c)=>i?`  value[${c}] = ${i}(${r}[rowOffset + ${c}u]);`:`  value[${c}] = ${r}[rowOffset + ${c}u];`).join(`
`)}
  return value;
}`}function OV(r,e){let t=Ke(r.type);return`@group(0) @binding(${e}) var<storage, read_write> result: array<${t}>;`}function BV(r){let e=r.stride/r.ValueType.BYTES_PER_ELEMENT,t=r.offset/r.ValueType.BYTES_PER_ELEMENT;return`fn write_result(rowIndex: u32, value: array<${Ke(r.type)}, ${r.size}>) {
  let rowOffset = ${t}u + rowIndex * ${e}u;
${Array.from({length:r.size},(i,o)=>`  result[rowOffset + ${o}u] = value[${o}];`).join(`
`)}
}`}function kV(r,e,t,n,i){let o="";if(i)for(let s=0;s<t.size;s++)o+=`  result[${s}] = ${i(s)};
`;else if(n){let s=Eo(t.type),a=Ke(t.type);for(let c=0;c<t.size;c++){let l=e.map(([f,u])=>c<u.size?Ke(u.type)===a?`${f}[${c}]`:`${a}(${f}[${c}])`:s);o+=`  result[${c}] = ${r}(${l.join(", ")});
`}}else o+=`result = ${r}(${e.map(([s])=>s).join(", ")});`;return o.trimEnd()}function DV(r){return Array.isArray(r)?r.map((e,t)=>[`x${t}`,e]):Object.entries(r)}function NV(r,e){let t=r.value;if(!t)throw new Error(`Constant input ${r} is missing CPU values`);return Array.from({length:r.size},(n,i)=>wo(e,t[i]??0)).join(", ")}function FV(r,e){for(let t in e)r=r.replaceAll(`{${t}}`,e[t]);return r}var bx,AV,CV,MV,Vi=S(()=>{ut();Or();oc();Os();bx=64,AV="GPGPU Operation Counts",CV="Computation Runs",MV=new fo});var UV,CA,MA=S(()=>{Or();dx();_p();Vi();Os();UV=`fn arithmetic_add(x: {TYPE}, y: {TYPE}) -> {TYPE} {
  return x + y;
}

fn arithmetic_subtract(x: {TYPE}, y: {TYPE}) -> {TYPE} {
  return x - y;
}

fn arithmetic_multiply(x: {TYPE}, y: {TYPE}) -> {TYPE} {
  return x * y;
}

fn arithmetic_divide(x: {TYPE}, y: {TYPE}) -> {TYPE} {
  return x / y;
}

fn arithmetic_tan(x: f32) -> f32 {
  return tan_fp32(x);
}
`,CA=({inputs:r,output:e,target:t})=>{let n=e.type,i=Ke(n),o=Eo(n),s=r.namedInputs;return cr({module:{name:"arithmetic",source:UV,dependencies:[us]},inputs:s,output:e,operationType:n,outputBuffer:t,expression:a=>bp(r.expression,{operations:rc,inputs:s,laneIndex:a,formatInput:c=>`${c}[${a}]`,formatOutOfBoundsInput:c=>s[c].size===1?`${c}[0]`:o,formatLiteral:c=>{let l=Array.isArray(c)?c[a]??0:c;return`${i}(${AA(n,l)})`},formatCall:(c,l)=>`${c}(${l.join(", ")})`})}),{success:!0}}});var zV,RA,IA=S(()=>{Vi();zV=`fn row_dot(x: array<{TYPE}, {X_LEN}>, y: array<{TYPE}, {Y_LEN}>) -> array<f32, 1> {
  var sum = 0.0;
  for (var i = 0u; i < {X_LEN}u; i = i + 1u) {
    sum += f32(x[i]) * f32(y[i]);
  }
  return array<f32, 1>(sum);
}
`,RA=({inputs:r,output:e,target:t})=>(cr({module:{name:"row_dot",source:zV},inputs:r,output:e,operationType:"float32",outputBuffer:t}),{success:!0})});var GV,OA,BA=S(()=>{Vi();GV=`fn equalAll(x: array<{TYPE}, {X_LEN}>, y: array<{TYPE}, {Y_LEN}>) -> array<u32, 1> {
  var allEqual = 1u;
  for (var i = 0u; i < {X_LEN}u; i = i + 1u) {
    if (x[i] != y[i]) {
      allEqual = 0u;
      break;
    }
  }
  return array<u32, 1>(allEqual);
}
`,OA=({inputs:r,output:e,target:t})=>(cr({module:{name:"equalAll",source:GV},inputs:r,output:e,operationType:r.x.type,outputBuffer:t}),{success:!0})});function sc(r,e,t){let n=Ke(e.type);return`@group(0) @binding(${t}) var<storage, read> ${r}: array<${n}>;`}function xx(r,e,t,n=r){let i=Ke(t);if(e.isConstant){let l=e.value;if(!l)throw new Error(`Constant input ${e} is missing CPU values`);return`fn read_${n}(_sourceIndex: u32) -> array<${i}, ${e.size}> {
  return array<${i}, ${e.size}>(${Array.from({length:e.size},(f,u)=>wo(i,l[u]??0)).join(", ")});
}`}let o=e.stride/e.ValueType.BYTES_PER_ELEMENT,s=e.offset/e.ValueType.BYTES_PER_ELEMENT,c=Ke(e.type)===i?"":`${i}`;return`fn read_${n}(sourceIndex: u32) -> array<${i}, ${e.size}> {
  var value: array<${i}, ${e.size}>;
  let rowOffset = ${s}u + sourceIndex * ${o}u;
${Array.from({length:e.size},(l,f)=>c?`  value[${f}] = ${c}(${r}[rowOffset + ${f}u]);`:`  value[${f}] = ${r}[rowOffset + ${f}u];`).join(`
`)}
  return value;
}`}function Pp(r,e){return xx("sourceValues",r,e,"source_values")}function ac(r,e){let t=Ke(r.type);return`@group(0) @binding(${e}) var<storage, read_write> result: array<${t}>;`}function cc(r){let e=r.stride/r.ValueType.BYTES_PER_ELEMENT,t=r.offset/r.ValueType.BYTES_PER_ELEMENT;return`fn write_result(rowIndex: u32, value: array<${Ke(r.type)}, ${r.size}>) {
  let rowOffset = ${t}u + rowIndex * ${e}u;
${Array.from({length:r.size},(i,o)=>`  result[rowOffset + ${o}u] = value[${o}];`).join(`
`)}
}`}function kA(r,e){let t=Eo(r);return`fn zero_result() -> array<${Ke(r)}, ${e}> {
  var result: array<${Ke(r)}, ${e}>;
${Array.from({length:e},(n,i)=>`  result[${i}] = ${t};`).join(`
`)}
  return result;
}`}var Tr,Sp=S(()=>{Os();Tr=64});function $V({input:r,inputMode:e,inputGroupCount:t,channelCount:n,outputType:i,outputBuffer:o,outputLength:s,outputStride:a,outputOffset:c}){let l=Ke(i),f=wi(s,o.device.limits.maxComputeWorkgroupsPerDimension),u=new Ve({buffer:o,type:i,size:2,length:s,stride:a,offset:c}),d=`
${r.isConstant?"":sc("sourceValues",r,0)}
${Pp(r,i)}
${ac(u,r.isConstant?0:1)}
${cc(u)}
${VV(e,i,n,t)}

var<workgroup> sharedMin: array<${l}, ${Tr}>;
var<workgroup> sharedMax: array<${l}, ${Tr}>;

@compute @workgroup_size(${Tr}) fn main(
  @builtin(workgroup_id) workgroupId: vec3<u32>,
  @builtin(local_invocation_id) localId: vec3<u32>
) {
  let outputRowIndex = ${_x(f)};
  if (outputRowIndex >= ${s}u) {
    return;
  }

  let channelIndex = outputRowIndex % ${n}u;
  let outputGroupIndex = outputRowIndex / ${n}u;
  let inputGroupIndex = outputGroupIndex * ${Tr}u + localId.x;

  let result = extent_pass(channelIndex, inputGroupIndex);
  sharedMin[localId.x] = result[0];
  sharedMax[localId.x] = result[1];
  workgroupBarrier();

  var stride = ${Math.floor(Tr/2)}u;
  loop {
    if (stride == 0u) {
      break;
    }
    if (localId.x < stride) {
      let compareIndex = localId.x + stride;
      if (sharedMin[compareIndex] < sharedMin[localId.x]) {
        sharedMin[localId.x] = sharedMin[compareIndex];
      }
      if (sharedMax[compareIndex] > sharedMax[localId.x]) {
        sharedMax[localId.x] = sharedMax[compareIndex];
      }
    }
    workgroupBarrier();
    stride = stride / 2u;
  }

  if (localId.x == 0u) {
    write_result(outputRowIndex, array<${l}, 2>(sharedMin[0], sharedMax[0]));
  }
}
`,h=new Kr(o.device,{source:d,shaderLayout:{bindings:[...r.isConstant?[]:[{name:"sourceValues",type:"storage",group:0,location:0}],{name:"result",type:"storage",group:0,location:r.isConstant?0:1}]}}),p={result:o};r.isConstant||(p.sourceValues=r.buffer),h.setBindings(p);let g=o.device.beginComputePass({});h.dispatch(g,f.x,f.y,f.z),g.end(),o.device.submit(),h.destroy()}function VV(r,e,t,n){let i=Ke(e),[o,s]=WV(e);return r==="raw"?`fn extent_pass(channelIndex: u32, inputGroupIndex: u32) -> array<${i}, 2> {
  var result: array<${i}, 2>;
  result[0] = ${o};
  result[1] = ${s};

  if (inputGroupIndex < ${n}u) {
    let value = read_source_values(inputGroupIndex);
    result[0] = value[channelIndex];
    result[1] = value[channelIndex];
  }

  return result;
}`:`fn extent_pass(channelIndex: u32, inputGroupIndex: u32) -> array<${i}, 2> {
  var result: array<${i}, 2>;
  result[0] = ${o};
  result[1] = ${s};

  if (inputGroupIndex < ${n}u) {
    let rowIndex = inputGroupIndex * ${t}u + channelIndex;
    let value = read_source_values(rowIndex);
    result[0] = value[0];
    result[1] = value[1];
  }

  return result;
}`}function WV(r){switch(r){case"uint32":return["0xffffffffu","0u"];case"sint32":return["2147483647","-2147483648"];case"float32":return["3.402823e38","-3.402823e38"];default:throw new Error(`Unsupported WebGPU extent type for ${r}`)}}var DA,NA=S(()=>{ut();$i();Tf();oc();Os();Sp();DA=({inputs:r,output:e,target:t})=>{let{sourceValues:n}=r;if(n.length===0){let c=new e.ValueType(e.length*e.size);return t.write(c),{success:!0,value:c}}if(n.isConstant){let c=n.value;if(!c)throw new Error(`Constant input ${n} is missing CPU values`);let l=new e.ValueType(e.length*e.size);for(let f=0;f<e.length;f++){let u=c[f];l[f*2]=u,l[f*2+1]=u}return t.write(l),{success:!0,value:l}}let i=[],o=n,s="raw",a=n.length;try{for(;;){let c=Math.ceil(a/Tr),l=e.length*c,f=c===1?t:Sr.createOrReuse(t.device,l*e.stride);if(c>1&&i.push(f),$V({input:o,inputMode:s,inputGroupCount:a,channelCount:e.length,outputType:e.type,outputBuffer:f,outputLength:l,outputStride:e.stride,outputOffset:e.offset}),c===1)break;o=new Ve({buffer:f,type:e.type,size:2,length:l}),s="partial",a=c}return{success:!0}}finally{for(let c of i)Sr.recycle(c)}}});function jV(){let r=new Uint16Array([255]);return new Uint8Array(r.buffer)[0]>0}var HV,FA,UA=S(()=>{Vi();HV=`const LE: bool = ${jV()?"true":"false"};
const F32_NAN: u32 = 0xffffffffu;
const F32_INF: u32 = 0x7f800000u;

fn roundShiftRight(value: u32, shift: i32) -> u32 {
  if (shift <= 0) {
    return value << u32(-shift);
  }

  if (shift >= 32) {
    if (shift == 32 && value > 0x80000000u) {
      return 1u;
    }
    return 0u;
  }

  let shiftU32 = u32(shift);
  let truncated = value >> shiftU32;
  let halfShift = 1u << u32(shift - 1);
  let remainder = value & ((1u << shiftU32) - 1u);
  if (remainder > halfShift || (remainder == halfShift && (truncated & 1u) == 1u)) {
    return truncated + 1u;
  }
  return truncated;
}

fn makeFloatImmediate(sign: u32, exponent: i32, mantissa: u32) -> u32 {
  return (sign << 31u) | (u32(exponent + 127) << 23u) | (mantissa & 0x7fffffu);
}

fn makeFloat(sign: u32, exponent: i32, significand: u32) -> u32 {
  if (significand == 0u) {
    return sign << 31u;
  }

  let leadingZeros = i32(countLeadingZeros(significand));
  var normalizedExponent = exponent + 31 - leadingZeros;

  if (normalizedExponent > 127) {
    return (sign << 31u) | F32_INF;
  }

  var mantissa: u32;
  if (normalizedExponent >= -126) {
    mantissa = roundShiftRight(significand, 8 - leadingZeros);
    if (mantissa >= 0x1000000u) {
      mantissa = mantissa >> 1u;
      normalizedExponent += 1;
      if (normalizedExponent > 127) {
        return (sign << 31u) | F32_INF;
      }
    }
    return makeFloatImmediate(sign, normalizedExponent, mantissa);
  }

  let subnormalShift = -149 - exponent;
  mantissa = roundShiftRight(significand, subnormalShift);
  if (mantissa >= 0x800000u) {
    return (sign << 31u) | (1u << 23u);
  }
  return (sign << 31u) | mantissa;
}

fn parseAsDouble(words: vec2<u32>) -> vec2<u32> {
  var d = words;
  if (LE) {
    d = d.yx;
  }

  let sign = (d.x >> 31u) & 1u;
  let exponentBits = (d.x >> 20u) & 0x7ffu;
  let exponent = i32(exponentBits) - 1023;
  let fractionHigh = d.x & 0xfffffu;
  let fractionLow = d.y;

  if (exponentBits == 0x7ffu) {
    if (fractionHigh == 0u && fractionLow == 0u) {
      return vec2<u32>((sign << 31u) | F32_INF, F32_NAN);
    }
    return vec2<u32>(F32_NAN);
  }

  if (exponentBits == 0u) {
    return vec2<u32>(sign << 31u);
  }

  if (exponent > 127) {
    return vec2<u32>((sign << 31u) | F32_INF, ((1u - sign) << 31u) | F32_INF);
  }

  let highSignificand = 0x800000u | (fractionHigh << 3u) | (fractionLow >> 29u);
  let lowSignificand = fractionLow & 0x1fffffffu;

  if (exponent < -126) {
    let highPart = makeFloat(sign, exponent - 23, highSignificand);
    let lowPart = makeFloat(sign, exponent - 52, lowSignificand);
    return vec2<u32>(highPart, lowPart);
  }

  let roundUp = lowSignificand > 0x10000000u ||
    (lowSignificand == 0x10000000u && (highSignificand & 1u) == 1u);

  var roundedSignificand = highSignificand + select(0u, 1u, roundUp);
  var highExponent = exponent;
  if (roundedSignificand == 0x1000000u) {
    roundedSignificand = 0x800000u;
    highExponent += 1;
  }

  if (highExponent > 127) {
    return vec2<u32>((sign << 31u) | F32_INF, ((1u - sign) << 31u) | F32_INF);
  }

  let highPart = makeFloatImmediate(sign, highExponent, roundedSignificand);

  var remainder = i32(lowSignificand);
  var lowSign = sign;
  if (roundUp) {
    remainder -= 0x20000000;
  }
  if (remainder < 0) {
    lowSign = 1u - sign;
    remainder = -remainder;
  }

  let lowPart = makeFloat(lowSign, exponent - 52, u32(remainder));
  return vec2<u32>(highPart, lowPart);
}

fn fround(x: array<u32, {X_LEN}>) -> array<f32, {RESULT_LEN}> {
  var result: array<f32, {RESULT_LEN}>;
  let n = {X_LEN}u / 2u;
  for (var i = 0u; i < n; i = i + 1u) {
    let parts = parseAsDouble(vec2<u32>(x[i * 2u], x[i * 2u + 1u]));
    result[i] = bitcast<f32>(parts.x);
    result[i + n] = bitcast<f32>(parts.y);
  }
  return result;
}
`,FA=({inputs:r,output:e,target:t})=>(cr({module:{name:"fround",source:HV},inputs:r,output:e,operationType:"uint32",outputBuffer:t}),{success:!0})});function YV(r,e){if(r.isConstant){let i=r.value;if(!i)throw new Error(`Constant input ${r} is missing CPU values`);return`fn read_ids(_rowIndex: u32) -> ${e} {
  return ${wo(e,i[0]??0)};
}`}let t=r.stride/r.ValueType.BYTES_PER_ELEMENT,n=r.offset/r.ValueType.BYTES_PER_ELEMENT;return`fn read_ids(rowIndex: u32) -> ${e} {
  let rowOffset = ${n}u + rowIndex * ${t}u;
  return ids[rowOffset];
}`}function qV(r,e,t,n){let i=Ke(r),o=Ke(e);return`fn gather(idsValue: ${i}) -> array<${o}, ${t}> {
  let sourceIndex = ${i==="u32"?"i32(idsValue)":i==="i32"?"idsValue":"i32(idsValue)"};
  if (sourceIndex < 0 || sourceIndex >= ${n}) {
    return zero_result();
  }
  return read_source_values(u32(sourceIndex));
}`}var zA,GA=S(()=>{ut();oc();Os();Sp();zA=async({inputs:r,output:e,target:t})=>{let{ids:n,sourceValues:i}=r,o=Ke(n.type),s=[];n.isConstant||s.push({name:"ids",input:n,index:s.length}),i.isConstant||s.push({name:"sourceValues",input:i,index:s.length});let a=wi(Math.ceil(e.length/Tr),t.device.limits.maxComputeWorkgroupsPerDimension),c=`
${s.map(({name:d,input:h,index:p})=>sc(d,h,p)).join(`
`)}
${YV(n,o)}
${Pp(i,e.type)}
${ac(e,s.length)}
${cc(e)}
${kA(e.type,e.size)}
${qV(n.type,e.type,e.size,i.length)}

@compute @workgroup_size(${Tr}) fn main(
  @builtin(workgroup_id) workgroupId: vec3<u32>,
  @builtin(local_invocation_id) localId: vec3<u32>
) {
  let rowIndex = ${vo(a,Tr)};
  if (rowIndex >= ${e.length}u) {
    return;
  }

  let idsValue = read_ids(rowIndex);
  let result = gather(idsValue);
  write_result(rowIndex, result);
}
`,l=new Kr(t.device,{source:c,shaderLayout:{bindings:[...s.map(({name:d,index:h})=>({name:d,type:"storage",group:0,location:h})),{name:"result",type:"storage",group:0,location:s.length}]}}),f={};n.isConstant||(f.ids=n.buffer),i.isConstant||(f.sourceValues=i.buffer),f.result=t,l.setBindings(f);let u=t.device.beginComputePass({});return l.dispatch(u,a.x,a.y,a.z),u.end(),t.device.submit(),l.destroy(),{success:!0}}});function ZV(r){return`fn segmented_map(vertexIndex: u32) -> array<u32, 2> {
  var low = 0i;
  var high = ${r}i;
  while (low < high) {
    let mid = low + (high - low) / 2i;
    let midStart = read_segments(u32(mid))[0];
    if (midStart <= vertexIndex) {
      low = mid + 1i;
    } else {
      high = mid;
    }
  }

  let segmentIndex = u32(max(low - 1i, 0i));
  let segmentStart = read_segments(segmentIndex)[0];
  return array<u32, 2>(segmentIndex, vertexIndex - segmentStart);
}`}var $A,VA=S(()=>{ut();oc();Sp();$A=async({inputs:r,output:e,target:t})=>{let{segments:n}=r,i=n.isConstant?[]:[{name:"segments",input:n,index:0}],o=wi(Math.ceil(e.length/Tr),t.device.limits.maxComputeWorkgroupsPerDimension),s=`
${i.map(({name:f,input:u,index:d})=>sc(f,u,d)).join(`
`)}
${xx("segments",n,"uint32")}
${ac(e,i.length)}
${cc(e)}
${ZV(n.length)}

@compute @workgroup_size(${Tr}) fn main(
  @builtin(workgroup_id) workgroupId: vec3<u32>,
  @builtin(local_invocation_id) localId: vec3<u32>
) {
  let rowIndex = ${vo(o,Tr)};
  if (rowIndex >= ${e.length}u) {
    return;
  }

  let result = segmented_map(rowIndex);
  write_result(rowIndex, result);
}
`,a=new Kr(t.device,{source:s,shaderLayout:{bindings:[...i.map(({name:f,index:u})=>({name:f,type:"storage",group:0,location:u})),{name:"result",type:"storage",group:0,location:i.length}]}}),c=Object.fromEntries(i.map(({name:f,input:u})=>[f,u.buffer]));c.result=t,a.setBindings(c);let l=t.device.beginComputePass({});return a.dispatch(l,o.x,o.y,o.z),l.end(),t.device.submit(),a.destroy(),{success:!0}}});function XV(r,e){let n=e.filter(([,i])=>!i.isConstant).length+1;if(n>r.maxStorageBuffersPerShaderStage)throw new Error(`interleave() requires ${n} storage buffers, exceeding device limit ${r.maxStorageBuffersPerShaderStage}`);if(n>r.maxBindingsPerBindGroup)throw new Error(`interleave() requires ${n} bindings, exceeding bind group limit ${r.maxBindingsPerBindGroup}`)}var Tp,WA=S(()=>{Vi();Tp=({inputs:r,output:e,target:t})=>{let n=r.map((c,l)=>[`x${l}`,c]);XV(t.device.limits,n);let i=n.map(([c,l])=>`${c}: array<{TYPE}, ${l.size}>`).join(", "),o=0,s=n.map(([c,l])=>{let f=Array.from({length:l.size},(u,d)=>`  out[${o+d}] = ${c}[${d}];`).join(`
`);return o+=l.size,f}).join(`
`),a=`fn interleave(${i}) -> array<{TYPE}, {RESULT_LEN}> {
  var out: array<{TYPE}, {RESULT_LEN}>;
${s}
  return out;
}
`;return cr({module:{name:"interleave",source:a},inputs:r,output:e,outputBuffer:t}),{success:!0}}});var KV,jA,HA=S(()=>{Vi();KV=`fn row_length(x: array<{TYPE}, {X_LEN}>) -> array<f32, 1> {
  var sum = 0.0;
  for (var i = 0u; i < {X_LEN}u; i = i + 1u) {
    sum += f32(x[i]) * f32(x[i]);
  }
  return array<f32, 1>(sqrt(sum));
}
`,jA=({inputs:r,output:e,target:t})=>(cr({module:{name:"row_length",source:KV},inputs:r,output:e,operationType:"float32",outputBuffer:t}),{success:!0})});function vx(r,e,t,n){return t<e.size?`${r}[${t}]`:e.size===1?`${r}[0]`:n}var YA,qA=S(()=>{Vi();Os();YA=async({inputs:r,output:e,target:t})=>{let n=Eo(e.type);return cr({module:{name:"select",source:`// inline expression select
`},inputs:r,output:e,operationType:e.type,outputBuffer:t,expression:i=>{let o=vx("condition",r.condition,i,n),s=vx("whenTrue",r.whenTrue,i,n);return`select(${vx("whenFalse",r.whenFalse,i,n)}, ${s}, ${o} != ${n})`}}),{success:!0}}});var wx,ZA,XA=S(()=>{ut();oc();wx=64,ZA=({inputs:r,output:e,target:t})=>{let n=wi(Math.ceil(e.length/wx),t.device.limits.maxComputeWorkgroupsPerDimension),i=`@group(0) @binding(0) var<storage, read_write> result: array<i32>;

@compute @workgroup_size(${wx}) fn main(
  @builtin(workgroup_id) workgroupId: vec3<u32>,
  @builtin(local_invocation_id) localId: vec3<u32>
) {
  let rowIndex = ${vo(n,wx)};
  if (rowIndex >= ${e.length}u) {
    return;
  }

  let rowOffset = ${e.offset/e.ValueType.BYTES_PER_ELEMENT}u + rowIndex * ${e.stride/e.ValueType.BYTES_PER_ELEMENT}u;
  result[rowOffset] = ${r.start} + i32(rowIndex) * ${r.step};
}
`,o=new Kr(t.device,{source:i,shaderLayout:{bindings:[{name:"result",type:"storage",group:0,location:0}]}});o.setBindings({result:t});let s=t.device.beginComputePass({});return o.dispatch(s,n.x,n.y,n.z),s.end(),t.device.submit(),o.destroy(),{success:!0}}});var KA,QA=S(()=>{Vi();KA=({inputs:r,output:e,target:t})=>{let{columns:n}=r;return cr({module:{name:"swizzle",source:"// swizzle expression handled inline"},expression:i=>`x[${n[i]}]`,inputs:{x:r.x},output:e,outputBuffer:t}),{success:!0}}});var JA={};Ti(JA,{arithmetic:()=>CA,dot:()=>RA,equalAll:()=>OA,extent:()=>DA,fround:()=>FA,gather:()=>zA,interleave:()=>Tp,length:()=>jA,segmentedMap:()=>$A,select:()=>YA,sequence:()=>ZA,swizzle:()=>KA});var Ex=S(()=>{MA();IA();BA();NA();UA();GA();VA();WA();HA();qA();XA();QA()});var nM=QM((L_e,Xx)=>{"use strict";Xx.exports=jp;Xx.exports.default=jp;function jp(r,e,t){t=t||2;var n=e&&e.length,i=n?e[0]*t:r.length,o=eM(r,0,i,t,!0),s=[];if(!o||o.next===o.prev)return s;var a,c,l,f,u,d,h;if(n&&(o=Dj(r,e,o,t)),r.length>80*t){a=l=r[0],c=f=r[1];for(var p=t;p<i;p+=t)u=r[p],d=r[p+1],u<a&&(a=u),d<c&&(c=d),u>l&&(l=u),d>f&&(f=d);h=Math.max(l-a,f-c),h=h!==0?32767/h:0}return tu(o,s,t,a,c,h,0),s}function eM(r,e,t,n,i){var o,s;if(i===Zx(r,e,t,n)>0)for(o=e;o<t;o+=n)s=JC(o,r[o],r[o+1],s);else for(o=t-n;o>=e;o-=n)s=JC(o,r[o],r[o+1],s);return s&&Hp(s,s.next)&&(nu(s),s=s.next),s}function Bs(r,e){if(!r)return r;e||(e=r);var t=r,n;do if(n=!1,!t.steiner&&(Hp(t,t.next)||dt(t.prev,t,t.next)===0)){if(nu(t),t=e=t.prev,t===t.next)break;n=!0}else t=t.next;while(n||t!==e);return e}function tu(r,e,t,n,i,o,s){if(r){!s&&o&&Gj(r,n,i,o);for(var a=r,c,l;r.prev!==r.next;){if(c=r.prev,l=r.next,o?Oj(r,n,i,o):Ij(r)){e.push(c.i/t|0),e.push(r.i/t|0),e.push(l.i/t|0),nu(r),r=l.next,a=l.next;continue}if(r=l,r===a){s?s===1?(r=Bj(Bs(r),e,t),tu(r,e,t,n,i,o,2)):s===2&&kj(r,e,t,n,i,o):tu(Bs(r),e,t,n,i,o,1);break}}}}function Ij(r){var e=r.prev,t=r,n=r.next;if(dt(e,t,n)>=0)return!1;for(var i=e.x,o=t.x,s=n.x,a=e.y,c=t.y,l=n.y,f=i<o?i<s?i:s:o<s?o:s,u=a<c?a<l?a:l:c<l?c:l,d=i>o?i>s?i:s:o>s?o:s,h=a>c?a>l?a:l:c>l?c:l,p=n.next;p!==e;){if(p.x>=f&&p.x<=d&&p.y>=u&&p.y<=h&&dc(i,a,o,c,s,l,p.x,p.y)&&dt(p.prev,p,p.next)>=0)return!1;p=p.next}return!0}function Oj(r,e,t,n){var i=r.prev,o=r,s=r.next;if(dt(i,o,s)>=0)return!1;for(var a=i.x,c=o.x,l=s.x,f=i.y,u=o.y,d=s.y,h=a<c?a<l?a:l:c<l?c:l,p=f<u?f<d?f:d:u<d?u:d,g=a>c?a>l?a:l:c>l?c:l,y=f>u?f>d?f:d:u>d?u:d,w=Yx(h,p,e,t,n),x=Yx(g,y,e,t,n),b=r.prevZ,v=r.nextZ;b&&b.z>=w&&v&&v.z<=x;){if(b.x>=h&&b.x<=g&&b.y>=p&&b.y<=y&&b!==i&&b!==s&&dc(a,f,c,u,l,d,b.x,b.y)&&dt(b.prev,b,b.next)>=0||(b=b.prevZ,v.x>=h&&v.x<=g&&v.y>=p&&v.y<=y&&v!==i&&v!==s&&dc(a,f,c,u,l,d,v.x,v.y)&&dt(v.prev,v,v.next)>=0))return!1;v=v.nextZ}for(;b&&b.z>=w;){if(b.x>=h&&b.x<=g&&b.y>=p&&b.y<=y&&b!==i&&b!==s&&dc(a,f,c,u,l,d,b.x,b.y)&&dt(b.prev,b,b.next)>=0)return!1;b=b.prevZ}for(;v&&v.z<=x;){if(v.x>=h&&v.x<=g&&v.y>=p&&v.y<=y&&v!==i&&v!==s&&dc(a,f,c,u,l,d,v.x,v.y)&&dt(v.prev,v,v.next)>=0)return!1;v=v.nextZ}return!0}function Bj(r,e,t){var n=r;do{var i=n.prev,o=n.next.next;!Hp(i,o)&&tM(i,n,n.next,o)&&ru(i,o)&&ru(o,i)&&(e.push(i.i/t|0),e.push(n.i/t|0),e.push(o.i/t|0),nu(n),nu(n.next),n=r=o),n=n.next}while(n!==r);return Bs(n)}function kj(r,e,t,n,i,o){var s=r;do{for(var a=s.next.next;a!==s.prev;){if(s.i!==a.i&&Wj(s,a)){var c=rM(s,a);s=Bs(s,s.next),c=Bs(c,c.next),tu(s,e,t,n,i,o,0),tu(c,e,t,n,i,o,0);return}a=a.next}s=s.next}while(s!==r)}function Dj(r,e,t,n){var i=[],o,s,a,c,l;for(o=0,s=e.length;o<s;o++)a=e[o]*n,c=o<s-1?e[o+1]*n:r.length,l=eM(r,a,c,n,!1),l===l.next&&(l.steiner=!0),i.push(Vj(l));for(i.sort(Nj),o=0;o<i.length;o++)t=Fj(i[o],t);return t}function Nj(r,e){return r.x-e.x}function Fj(r,e){var t=Uj(r,e);if(!t)return e;var n=rM(t,r);return Bs(n,n.next),Bs(t,t.next)}function Uj(r,e){var t=e,n=r.x,i=r.y,o=-1/0,s;do{if(i<=t.y&&i>=t.next.y&&t.next.y!==t.y){var a=t.x+(i-t.y)*(t.next.x-t.x)/(t.next.y-t.y);if(a<=n&&a>o&&(o=a,s=t.x<t.next.x?t:t.next,a===n))return s}t=t.next}while(t!==e);if(!s)return null;var c=s,l=s.x,f=s.y,u=1/0,d;t=s;do n>=t.x&&t.x>=l&&n!==t.x&&dc(i<f?n:o,i,l,f,i<f?o:n,i,t.x,t.y)&&(d=Math.abs(i-t.y)/(n-t.x),ru(t,r)&&(d<u||d===u&&(t.x>s.x||t.x===s.x&&zj(s,t)))&&(s=t,u=d)),t=t.next;while(t!==c);return s}function zj(r,e){return dt(r.prev,r,e.prev)<0&&dt(e.next,r,r.next)<0}function Gj(r,e,t,n){var i=r;do i.z===0&&(i.z=Yx(i.x,i.y,e,t,n)),i.prevZ=i.prev,i.nextZ=i.next,i=i.next;while(i!==r);i.prevZ.nextZ=null,i.prevZ=null,$j(i)}function $j(r){var e,t,n,i,o,s,a,c,l=1;do{for(t=r,r=null,o=null,s=0;t;){for(s++,n=t,a=0,e=0;e<l&&(a++,n=n.nextZ,!!n);e++);for(c=l;a>0||c>0&&n;)a!==0&&(c===0||!n||t.z<=n.z)?(i=t,t=t.nextZ,a--):(i=n,n=n.nextZ,c--),o?o.nextZ=i:r=i,i.prevZ=o,o=i;t=n}o.nextZ=null,l*=2}while(s>1);return r}function Yx(r,e,t,n,i){return r=(r-t)*i|0,e=(e-n)*i|0,r=(r|r<<8)&16711935,r=(r|r<<4)&252645135,r=(r|r<<2)&858993459,r=(r|r<<1)&1431655765,e=(e|e<<8)&16711935,e=(e|e<<4)&252645135,e=(e|e<<2)&858993459,e=(e|e<<1)&1431655765,r|e<<1}function Vj(r){var e=r,t=r;do(e.x<t.x||e.x===t.x&&e.y<t.y)&&(t=e),e=e.next;while(e!==r);return t}function dc(r,e,t,n,i,o,s,a){return(i-s)*(e-a)>=(r-s)*(o-a)&&(r-s)*(n-a)>=(t-s)*(e-a)&&(t-s)*(o-a)>=(i-s)*(n-a)}function Wj(r,e){return r.next.i!==e.i&&r.prev.i!==e.i&&!jj(r,e)&&(ru(r,e)&&ru(e,r)&&Hj(r,e)&&(dt(r.prev,r,e.prev)||dt(r,e.prev,e))||Hp(r,e)&&dt(r.prev,r,r.next)>0&&dt(e.prev,e,e.next)>0)}function dt(r,e,t){return(e.y-r.y)*(t.x-e.x)-(e.x-r.x)*(t.y-e.y)}function Hp(r,e){return r.x===e.x&&r.y===e.y}function tM(r,e,t,n){var i=Wp(dt(r,e,t)),o=Wp(dt(r,e,n)),s=Wp(dt(t,n,r)),a=Wp(dt(t,n,e));return!!(i!==o&&s!==a||i===0&&Vp(r,t,e)||o===0&&Vp(r,n,e)||s===0&&Vp(t,r,n)||a===0&&Vp(t,e,n))}function Vp(r,e,t){return e.x<=Math.max(r.x,t.x)&&e.x>=Math.min(r.x,t.x)&&e.y<=Math.max(r.y,t.y)&&e.y>=Math.min(r.y,t.y)}function Wp(r){return r>0?1:r<0?-1:0}function jj(r,e){var t=r;do{if(t.i!==r.i&&t.next.i!==r.i&&t.i!==e.i&&t.next.i!==e.i&&tM(t,t.next,r,e))return!0;t=t.next}while(t!==r);return!1}function ru(r,e){return dt(r.prev,r,r.next)<0?dt(r,e,r.next)>=0&&dt(r,r.prev,e)>=0:dt(r,e,r.prev)<0||dt(r,r.next,e)<0}function Hj(r,e){var t=r,n=!1,i=(r.x+e.x)/2,o=(r.y+e.y)/2;do t.y>o!=t.next.y>o&&t.next.y!==t.y&&i<(t.next.x-t.x)*(o-t.y)/(t.next.y-t.y)+t.x&&(n=!n),t=t.next;while(t!==r);return n}function rM(r,e){var t=new qx(r.i,r.x,r.y),n=new qx(e.i,e.x,e.y),i=r.next,o=e.prev;return r.next=e,e.prev=r,t.next=i,i.prev=t,n.next=t,t.prev=n,o.next=n,n.prev=o,n}function JC(r,e,t,n){var i=new qx(r,e,t);return n?(i.next=n.next,i.prev=n,n.next.prev=i,n.next=i):(i.prev=i,i.next=i),i}function nu(r){r.next.prev=r.prev,r.prev.next=r.next,r.prevZ&&(r.prevZ.nextZ=r.nextZ),r.nextZ&&(r.nextZ.prevZ=r.prevZ)}function qx(r,e,t){this.i=r,this.x=e,this.y=t,this.prev=null,this.next=null,this.z=0,this.prevZ=null,this.nextZ=null,this.steiner=!1}jp.deviation=function(r,e,t,n){var i=e&&e.length,o=i?e[0]*t:r.length,s=Math.abs(Zx(r,0,o,t));if(i)for(var a=0,c=e.length;a<c;a++){var l=e[a]*t,f=a<c-1?e[a+1]*t:r.length;s-=Math.abs(Zx(r,l,f,t))}var u=0;for(a=0;a<n.length;a+=3){var d=n[a]*t,h=n[a+1]*t,p=n[a+2]*t;u+=Math.abs((r[d]-r[p])*(r[h+1]-r[d+1])-(r[d]-r[h])*(r[p+1]-r[d+1]))}return s===0&&u===0?0:Math.abs((u-s)/s)};function Zx(r,e,t,n){for(var i=0,o=e,s=t-n;o<t;o+=n)i+=(r[s]-r[o])*(r[o+1]+r[s+1]),s=o;return i}jp.flatten=function(r){for(var e=r[0][0].length,t={vertices:[],holes:[],dimensions:e},n=0,i=0;i<r.length;i++){for(var o=0;o<r[i].length;o++)for(var s=0;s<e;s++)t.vertices.push(r[i][o][s]);i>0&&(n+=r[i-1].length,t.holes.push(n))}return t}});async function sn(r,e={},t=void 0){let n=new URLSearchParams(e).toString(),i=t===void 0?{}:{method:"POST",body:JSON.stringify(t)},o=await fetch(`api/${r}?${n}`,i).catch(s=>{throw s instanceof TypeError?new Error("holdstill view was ended: start it again, and open the address that it tells"):s});if(!o.ok){let s=await o.json().catch(()=>({error:`${o.status} ${o.statusText}`}));throw new Error(s.error)}return o}var gr=async(...r)=>(await sn(...r)).json();function q(r,e={},...t){let n=document.createElement(r);for(let[i,o]of Object.entries(e))i.startsWith("on")?n.addEventListener(i.slice(2),o):i==="value"?n.value=o:o===!0?n.setAttribute(i,""):o!==!1&&o!==void 0&&o!==null&&n.setAttribute(i,o);return n.append(...t.filter(i=>i!=null)),n}var st=(r,e,t)=>q("button",{type:"button",title:e,onclick:t},r);function yr(r,e){return e.id||=`f${Math.random().toString(36).slice(2)}`,q("span",{class:"field"},q("label",{for:e.id},r),e)}var Gr=(r,e=3)=>r===null||!Number.isFinite(r)?"unknown":r.toFixed(e);function P0(r){return new Float64Array(Uint8Array.from(atob(r),e=>e.charCodeAt(0)).buffer)}var Et=r=>getComputedStyle(document.documentElement).getPropertyValue(r).trim();function Ys(){return Object.fromEntries(new URLSearchParams(location.hash.slice(1)))}function yu(r){let e=new URLSearchParams(Object.entries(r).filter(([,t])=>t!=null));history.replaceState(null,"",`#${e}`)}function tR(r,e){return r.matches?r.matches("input[type=range]")?/^(Arrow|Home|End|Page)/.test(e):r.matches("button, a, summary, [type=checkbox], [type=radio]")?e===" "||e==="Enter":r.matches("input, select, textarea"):!1}function _u(r){addEventListener("keydown",e=>{e.ctrlKey||e.metaKey||e.altKey||!r[e.key]||tR(e.target,e.key)||(e.preventDefault(),r[e.key]())})}function S0(r){matchMedia("(prefers-color-scheme: dark)").addEventListener("change",r)}async function Pc(r,e){let t=q("a",{href:URL.createObjectURL(await r.blob()),download:e});t.click(),setTimeout(()=>URL.revokeObjectURL(t.href),1e4)}var rR="uplot",nR="u-hz",iR="u-vt",oR="u-title",sR="u-wrap",aR="u-under",cR="u-over",lR="u-axis",Do="u-off",fR="u-select",uR="u-cursor-x",dR="u-cursor-y",hR="u-cursor-pt",pR="u-legend",mR="u-live",gR="u-inline",yR="u-series",_R="u-marker",T0="u-label",bR="u-value",Tc="width",Lc="height";var L0="bottom",qs="left",hm="right",Mm="#000",A0=Mm+"0",pm="mousemove",C0="mousedown",mm="mouseup",M0="mouseenter",R0="mouseleave",I0="dblclick",xR="resize",vR="scroll",O0="change",Eu="dppxchange",Rm="--",ta=typeof window<"u",xm=ta?document:null,Xs=ta?window:null,wR=ta?navigator:null,Ue,bu;function vm(){let r=devicePixelRatio;Ue!=r&&(Ue=r,bu&&Em(O0,bu,vm),bu=matchMedia(`(min-resolution: ${Ue-.001}dppx) and (max-resolution: ${Ue+.001}dppx)`),No(O0,bu,vm),Xs.dispatchEvent(new CustomEvent(Eu)))}function $r(r,e){if(e!=null){let t=r.classList;!t.contains(e)&&t.add(e)}}function wm(r,e){let t=r.classList;t.contains(e)&&t.remove(e)}function tt(r,e,t){r.style[e]=t+"px"}function Sn(r,e,t,n){let i=xm.createElement(r);return e!=null&&$r(i,e),t?.insertBefore(i,n),i}function an(r,e){return Sn("div",r,e)}var B0=new WeakMap;function Xn(r,e,t,n,i){let o="translate("+e+"px,"+t+"px)",s=B0.get(r);o!=s&&(r.style.transform=o,B0.set(r,o),e<0||t<0||e>n||t>i?$r(r,Do):wm(r,Do))}var k0=new WeakMap;function D0(r,e,t){let n=e+t,i=k0.get(r);n!=i&&(k0.set(r,n),r.style.background=e,r.style.borderColor=t)}var N0=new WeakMap;function F0(r,e,t,n){let i=e+""+t,o=N0.get(r);i!=o&&(N0.set(r,i),r.style.height=t+"px",r.style.width=e+"px",r.style.marginLeft=n?-e/2+"px":0,r.style.marginTop=n?-t/2+"px":0)}var Im={passive:!0},ER={...Im,capture:!0};function No(r,e,t,n){e.addEventListener(r,t,n?ER:Im)}function Em(r,e,t,n){e.removeEventListener(r,t,Im)}ta&&vm();function Tn(r,e,t,n){let i;t=t||0,n=n||e.length-1;let o=n<=2147483647;for(;n-t>1;)i=o?t+n>>1:Vr((t+n)/2),e[i]<r?t=i:n=i;return r-e[t]<=e[n]-r?t:n}function dv(r){return(t,n,i)=>{let o=-1,s=-1;for(let a=n;a<=i;a++)if(r(t[a])){o=a;break}for(let a=i;a>=n;a--)if(r(t[a])){s=a;break}return[o,s]}}var hv=r=>r!=null,pv=r=>r!=null&&r>0,Tu=dv(hv),PR=dv(pv);function SR(r,e,t,n=0,i=!1){let o=i?PR:Tu,s=i?pv:hv;[e,t]=o(r,e,t);let a=r[e],c=r[e];if(e>-1)if(n==1)a=r[e],c=r[t];else if(n==-1)a=r[t],c=r[e];else for(let l=e;l<=t;l++){let f=r[l];s(f)&&(f<a?a=f:f>c&&(c=f))}return[a??Ze,c??-Ze]}function Lu(r,e,t,n){let i=G0(r),o=G0(e);r==e&&(i==-1?(r*=t,e/=t):(r/=t,e*=t));let s=t==10?Li:mv,a=i==1?Vr:cn,c=o==1?cn:Vr,l=a(s(Dt(r))),f=c(s(Dt(e))),u=Ks(t,l),d=Ks(t,f);return t==10&&(l<0&&(u=Xe(u,-l)),f<0&&(d=Xe(d,-f))),n||t==2?(r=u*i,e=d*o):(r=bv(r,u),e=Au(e,d)),[r,e]}function Om(r,e,t,n){let i=Lu(r,e,t,n);return r==0&&(i[0]=0),e==0&&(i[1]=0),i}var Bm=.1,U0={mode:3,pad:Bm},Cc={pad:0,soft:null,mode:0},TR={min:Cc,max:Cc};function Pu(r,e,t,n){return Cu(t)?z0(r,e,t):(Cc.pad=t,Cc.soft=n?0:null,Cc.mode=n?3:0,z0(r,e,TR))}function De(r,e){return r??e}function LR(r,e,t){for(e=De(e,0),t=De(t,r.length-1);e<=t;){if(r[e]!=null)return!0;e++}return!1}function z0(r,e,t){let n=t.min,i=t.max,o=De(n.pad,0),s=De(i.pad,0),a=De(n.hard,-Ze),c=De(i.hard,Ze),l=De(n.soft,Ze),f=De(i.soft,-Ze),u=De(n.mode,0),d=De(i.mode,0),h=e-r,p=Li(h),g=_r(Dt(r),Dt(e)),y=Li(g),w=Dt(y-p);(h<1e-24||w>10)&&(h=0,(r==0||e==0)&&(h=1e-24,u==2&&l!=Ze&&(o=0),d==2&&f!=-Ze&&(s=0)));let x=h||g||1e3,b=Li(x),v=Ks(10,Vr(b)),T=x*(h==0?r==0?.1:1:o),L=Xe(bv(r-T,v/10),24),D=r>=l&&(u==1||u==3&&L<=l||u==2&&L>=l)?l:Ze,B=_r(a,L<D&&r>=D?D:Ln(D,L)),F=x*(h==0?e==0?.1:1:s),M=Xe(Au(e+F,v/10),24),N=e<=f&&(d==1||d==3&&M>=f||d==2&&M<=f)?f:-Ze,G=Ln(c,M>N&&e<=N?N:_r(N,M));return B==G&&B==0&&(G=100),[B,G]}var AR=new Intl.NumberFormat(ta?wR.language:"en-US"),km=r=>AR.format(r),Wr=Math,wu=Wr.PI,Dt=Wr.abs,Vr=Wr.floor,kt=Wr.round,cn=Wr.ceil,Ln=Wr.min,_r=Wr.max,Ks=Wr.pow,G0=Wr.sign,Li=Wr.log10,mv=Wr.log2,CR=(r,e=1)=>Wr.sinh(r)*e,gm=(r,e=1)=>Wr.asinh(r/e),Ze=1/0;function $0(r){return(Li((r^r>>31)-(r>>31))|0)+1}function Pm(r,e,t){return Ln(_r(r,e),t)}function gv(r){return typeof r=="function"}function Te(r){return gv(r)?r:()=>r}var MR=()=>{},yv=r=>r,_v=(r,e)=>e,RR=r=>null,V0=r=>!0,W0=(r,e)=>r==e,IR=/\.\d*?(?=9{6,}|0{6,})/gm,Fo=r=>{if(vv(r)||Qi.has(r))return r;let e=`${r}`,t=e.match(IR);if(t==null)return r;let n=t[0].length-1;if(e.indexOf("e-")!=-1){let[i,o]=e.split("e");return+`${Fo(i)}e${o}`}return Xe(r,n)};function Bo(r,e){return Fo(Xe(Fo(r/e))*e)}function Au(r,e){return Fo(cn(Fo(r/e))*e)}function bv(r,e){return Fo(Vr(Fo(r/e))*e)}function Xe(r,e=0){if(vv(r))return r;let t=10**e,n=r*t*(1+Number.EPSILON);return kt(n)/t}var Qi=new Map;function xv(r){return((""+r).split(".")[1]||"").length}function Rc(r,e,t,n){let i=[],o=n.map(xv);for(let s=e;s<t;s++){let a=Dt(s),c=Xe(Ks(r,s),a);for(let l=0;l<n.length;l++){let f=r==10?+`${n[l]}e${s}`:n[l]*c,u=(s>=0?0:a)+(s>=o[l]?0:o[l]),d=r==10?f:Xe(f,u);i.push(d),Qi.set(d,u)}}return i}var Mc={},Dm=[],Qs=[null,null],Ki=Array.isArray,vv=Number.isInteger,OR=r=>r===void 0;function j0(r){return typeof r=="string"}function Cu(r){let e=!1;if(r!=null){let t=r.constructor;e=t==null||t==Object}return e}function BR(r){return r!=null&&typeof r=="object"}var kR=Object.getPrototypeOf(Uint8Array),wv="__proto__";function Js(r,e=Cu){let t;if(Ki(r)){let n=r.find(i=>i!=null);if(Ki(n)||e(n)){t=Array(r.length);for(let i=0;i<r.length;i++)t[i]=Js(r[i],e)}else t=r.slice()}else if(r instanceof kR)t=r.slice();else if(e(r)){t={};for(let n in r)n!=wv&&(t[n]=Js(r[n],e))}else t=r;return t}function At(r){let e=arguments;for(let t=1;t<e.length;t++){let n=e[t];for(let i in n)i!=wv&&(Cu(r[i])?At(r[i],Js(n[i])):r[i]=Js(n[i]))}return r}var DR=0,NR=1,FR=2;function UR(r,e,t){for(let n=0,i,o=-1;n<e.length;n++){let s=e[n];if(s>o){for(i=s-1;i>=0&&r[i]==null;)r[i--]=null;for(i=s+1;i<t&&r[i]==null;)r[o=i++]=null}}}function zR(r,e){if(VR(r)){let s=r[0].slice();for(let a=1;a<r.length;a++)s.push(...r[a].slice(1));return WR(s[0])||(s=$R(s)),s}let t=new Set;for(let s=0;s<r.length;s++){let c=r[s][0],l=c.length;for(let f=0;f<l;f++)t.add(c[f])}let n=[Array.from(t).sort((s,a)=>s-a)],i=n[0].length,o=new Map;for(let s=0;s<i;s++)o.set(n[0][s],s);for(let s=0;s<r.length;s++){let a=r[s],c=a[0];for(let l=1;l<a.length;l++){let f=a[l],u=Array(i).fill(void 0),d=e?e[s][l]:NR,h=[];for(let p=0;p<f.length;p++){let g=f[p],y=o.get(c[p]);g===null?d!=DR&&(u[y]=g,d==FR&&h.push(y)):u[y]=g}UR(u,h,i),n.push(u)}}return n}var GR=typeof queueMicrotask>"u"?r=>Promise.resolve().then(r):queueMicrotask;function $R(r){let e=r[0],t=e.length,n=Array(t);for(let o=0;o<n.length;o++)n[o]=o;n.sort((o,s)=>e[o]-e[s]);let i=[];for(let o=0;o<r.length;o++){let s=r[o],a=Array(t);for(let c=0;c<t;c++)a[c]=s[n[c]];i.push(a)}return i}function VR(r){let e=r[0][0],t=e.length;for(let n=1;n<r.length;n++){let i=r[n][0];if(i.length!=t)return!1;if(i!=e){for(let o=0;o<t;o++)if(i[o]!=e[o])return!1}}return!0}function WR(r,e=100){let t=r.length;if(t<=1)return!0;let n=0,i=t-1;for(;n<=i&&r[n]==null;)n++;for(;i>=n&&r[i]==null;)i--;if(i<=n)return!0;let o=_r(1,Vr((i-n+1)/e));for(let s=r[n],a=n+o;a<=i;a+=o){let c=r[a];if(c!=null){if(c<=s)return!1;s=c}}return!0}var Ev=["January","February","March","April","May","June","July","August","September","October","November","December"],Pv=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function Sv(r){return r.slice(0,3)}var jR=Pv.map(Sv),HR=Ev.map(Sv),YR={MMMM:Ev,MMM:HR,WWWW:Pv,WWW:jR};function Sc(r){return(r<10?"0":"")+r}function qR(r){return(r<10?"00":r<100?"0":"")+r}var ZR={YYYY:r=>r.getFullYear(),YY:r=>(r.getFullYear()+"").slice(2),MMMM:(r,e)=>e.MMMM[r.getMonth()],MMM:(r,e)=>e.MMM[r.getMonth()],MM:r=>Sc(r.getMonth()+1),M:r=>r.getMonth()+1,DD:r=>Sc(r.getDate()),D:r=>r.getDate(),WWWW:(r,e)=>e.WWWW[r.getDay()],WWW:(r,e)=>e.WWW[r.getDay()],HH:r=>Sc(r.getHours()),H:r=>r.getHours(),h:r=>{let e=r.getHours();return e==0?12:e>12?e-12:e},AA:r=>r.getHours()>=12?"PM":"AM",aa:r=>r.getHours()>=12?"pm":"am",a:r=>r.getHours()>=12?"p":"a",mm:r=>Sc(r.getMinutes()),m:r=>r.getMinutes(),ss:r=>Sc(r.getSeconds()),s:r=>r.getSeconds(),fff:r=>qR(r.getMilliseconds())};function Nm(r,e){e=e||YR;let t=[],n=/\{([a-z]+)\}|[^{]+/gi,i;for(;i=n.exec(r);)t.push(i[0][0]=="{"?ZR[i[1]]:i[0]);return o=>{let s="";for(let a=0;a<t.length;a++)s+=typeof t[a]=="string"?t[a]:t[a](o,e);return s}}var XR=new Intl.DateTimeFormat().resolvedOptions().timeZone;function KR(r,e){let t;return e=="UTC"||e=="Etc/UTC"?t=new Date(+r+r.getTimezoneOffset()*6e4):e==XR?t=r:(t=new Date(r.toLocaleString("en-US",{timeZone:e})),t.setMilliseconds(r.getMilliseconds())),t}var Tv=r=>r%1==0,Su=[1,2,2.5,5],QR=Rc(10,-32,0,Su),Lv=Rc(10,0,32,Su),JR=Lv.filter(Tv),ko=QR.concat(Lv),Fm=`
`,Av="{YYYY}",H0=Fm+Av,Cv="{M}/{D}",Ac=Fm+Cv,xu=Ac+"/{YY}",Mv="{aa}",eI="{h}:{mm}",Zs=eI+Mv,Y0=Fm+Zs,q0=":{ss}",Ge=null;function Rv(r){let e=r*1e3,t=e*60,n=t*60,i=n*24,o=i*30,s=i*365,c=(r==1?Rc(10,0,3,Su).filter(Tv):Rc(10,-3,0,Su)).concat([e,e*5,e*10,e*15,e*30,t,t*5,t*10,t*15,t*30,n,n*2,n*3,n*4,n*6,n*8,n*12,i,i*2,i*3,i*4,i*5,i*6,i*7,i*8,i*9,i*10,i*15,o,o*2,o*3,o*4,o*6,s,s*2,s*5,s*10,s*25,s*50,s*100]),l=[[s,Av,Ge,Ge,Ge,Ge,Ge,Ge,1],[i*28,"{MMM}",H0,Ge,Ge,Ge,Ge,Ge,1],[i,Cv,H0,Ge,Ge,Ge,Ge,Ge,1],[n,"{h}"+Mv,xu,Ge,Ac,Ge,Ge,Ge,1],[t,Zs,xu,Ge,Ac,Ge,Ge,Ge,1],[e,q0,xu+" "+Zs,Ge,Ac+" "+Zs,Ge,Y0,Ge,1],[r,q0+".{fff}",xu+" "+Zs,Ge,Ac+" "+Zs,Ge,Y0,Ge,1]];function f(u){return(d,h,p,g,y,w)=>{let x=[],b=y>=s,v=y>=o&&y<s,T=u(p),L=Xe(T*r,3),D=ym(T.getFullYear(),b?0:T.getMonth(),v||b?1:T.getDate()),B=Xe(D*r,3);if(v||b){let F=v?y/o:0,M=b?y/s:0,N=L==B?L:Xe(ym(D.getFullYear()+M,D.getMonth()+F,1)*r,3),G=new Date(kt(N/r)),O=G.getFullYear(),$=G.getMonth();for(let H=0;N<=g;H++){let te=ym(O+M*H,$+F*H,1),X=te-u(Xe(te*r,3));N=Xe((+te+X)*r,3),N<=g&&x.push(N)}}else{let F=y>=i?i:y,M=Vr(p)-Vr(L),N=B+M+Au(L-B,F);x.push(N);let G=u(N),O=G.getHours()+G.getMinutes()/t+G.getSeconds()/n,$=y/n,H=d.axes[h]._space,te=w/H;for(;N=Xe(N+y,r==1?0:3),!(N>g);)if($>1){let X=Vr(Xe(O+$,6))%24,xe=u(N).getHours()-X;xe>1&&(xe=-1),N-=xe*n,O=(O+$)%24;let Ae=x[x.length-1];Xe((N-Ae)/y,3)*te>=.7&&x.push(N)}else x.push(N)}return x}}return[c,l,f]}var[tI,rI,nI]=Rv(1),[iI,oI,sI]=Rv(.001);Rc(2,-53,53,[1]);function Z0(r,e){return r.map(t=>t.map((n,i)=>i==0||i==8||n==null?n:e(i==1||t[8]==0?n:t[1]+n)))}function X0(r,e){return(t,n,i,o,s)=>{let a=e.find(p=>s>=p[0])||e[e.length-1],c,l,f,u,d,h;return n.map(p=>{let g=r(p),y=g.getFullYear(),w=g.getMonth(),x=g.getDate(),b=g.getHours(),v=g.getMinutes(),T=g.getSeconds(),L=y!=c&&a[2]||w!=l&&a[3]||x!=f&&a[4]||b!=u&&a[5]||v!=d&&a[6]||T!=h&&a[7]||a[1];return c=y,l=w,f=x,u=b,d=v,h=T,L(g)})}}function aI(r,e){let t=Nm(e);return(n,i,o,s,a)=>i.map(c=>t(r(c)))}function ym(r,e,t){return new Date(r,e,t)}function K0(r,e){return e(r)}var cI="{YYYY}-{MM}-{DD} {h}:{mm}{aa}";function Q0(r,e){return(t,n,i,o)=>o==null?Rm:e(r(n))}function lI(r,e){let t=r.series[e];return t.width?t.stroke(r,e):t.points.width?t.points.stroke(r,e):null}function fI(r,e){return r.series[e].fill(r,e)}var uI={show:!0,live:!0,isolate:!1,mount:MR,markers:{show:!0,width:2,stroke:lI,fill:fI,dash:"solid"},idx:null,idxs:null,values:[]};function dI(r,e){let t=r.cursor.points,n=an(),i=t.size(r,e);tt(n,Tc,i),tt(n,Lc,i);let o=i/-2;tt(n,"marginLeft",o),tt(n,"marginTop",o);let s=t.width(r,e,i);return s&&tt(n,"borderWidth",s),n}function hI(r,e){let t=r.series[e].points;return t._fill||t._stroke}function pI(r,e){let t=r.series[e].points;return t._stroke||t._fill}function mI(r,e){return r.series[e].points.size}var _m=[0,0];function gI(r,e,t){return _m[0]=e,_m[1]=t,_m}function vu(r,e,t,n=!0){return i=>{i.button==0&&(!n||i.target==e)&&t(i)}}function bm(r,e,t,n=!0){return i=>{(!n||i.target==e)&&t(i)}}var yI={show:!0,x:!0,y:!0,lock:!1,move:gI,points:{one:!1,show:dI,size:mI,width:0,stroke:pI,fill:hI},bind:{mousedown:vu,mouseup:vu,click:vu,dblclick:vu,mousemove:bm,mouseleave:bm,mouseenter:bm},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(r,e)=>{e.stopPropagation(),e.stopImmediatePropagation()},_x:!1,_y:!1},focus:{dist:(r,e,t,n,i)=>n-i,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},Iv={show:!0,stroke:"rgba(0,0,0,0.07)",width:2},Um=At({},Iv,{filter:_v}),Ov=At({},Um,{size:10}),Bv=At({},Iv,{show:!1}),zm='12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',kv="bold "+zm,Dv=1.5,J0={show:!0,scale:"x",stroke:Mm,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:kv,side:2,grid:Um,ticks:Ov,border:Bv,font:zm,lineGap:Dv,rotate:0},_I="Value",bI="Time",ev={show:!0,scale:"x",auto:!1,sorted:1,min:Ze,max:-Ze,idxs:[]};function xI(r,e,t,n,i){return e.map(o=>o==null?"":km(o))}function vI(r,e,t,n,i,o,s){let a=[],c=Qi.get(i)||0;t=s?t:Xe(Au(t,i),c);for(let l=t;l<=n;l=Xe(l+i,c))a.push(Object.is(l,-0)?0:l);return a}function Sm(r,e,t,n,i,o,s){let a=[],c=r.scales[r.axes[e].scale].log,l=c==10?Li:mv,f=Vr(l(t));i=Ks(c,f),c==10&&(i=ko[Tn(i,ko)]);let u=t,d=i*c;c==10&&(d=ko[Tn(d,ko)]);do a.push(u),u=u+i,c==10&&!Qi.has(u)&&(u=Xe(u,Qi.get(i))),u>=d&&(i=u,d=i*c,c==10&&(d=ko[Tn(d,ko)]));while(u<=n);return a}function wI(r,e,t,n,i,o,s){let c=r.scales[r.axes[e].scale].asinh,l=n>c?Sm(r,e,_r(c,t),n,i):[c],f=n>=0&&t<=0?[0]:[];return(t<-c?Sm(r,e,_r(c,-n),-t,i):[c]).reverse().map(d=>-d).concat(f,l)}var Nv=/./,EI=/[12357]/,PI=/[125]/,tv=/1/,Tm=(r,e,t,n)=>r.map((i,o)=>e==4&&i==0||o%n==0&&t.test(i.toExponential()[i<0?1:0])?i:null);function SI(r,e,t,n,i){let o=r.axes[t],s=o.scale,a=r.scales[s],c=r.valToPos,l=o._space,f=c(10,s),u=c(9,s)-f>=l?Nv:c(7,s)-f>=l?EI:c(5,s)-f>=l?PI:tv;if(u==tv){let d=Dt(c(1,s)-f);if(d<l)return Tm(e.slice().reverse(),a.distr,u,cn(l/d)).reverse()}return Tm(e,a.distr,u,1)}function TI(r,e,t,n,i){let o=r.axes[t],s=o.scale,a=o._space,c=r.valToPos,l=Dt(c(1,s)-c(2,s));return l<a?Tm(e.slice().reverse(),3,Nv,cn(a/l)).reverse():e}function LI(r,e,t,n){return n==null?Rm:e==null?"":km(e)}var rv={show:!0,scale:"y",stroke:Mm,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:kv,side:3,grid:Um,ticks:Ov,border:Bv,font:zm,lineGap:Dv,rotate:0};function AI(r,e){let t=3+(r||1)*2;return Xe(t*e,3)}function CI(r,e){let{scale:t,idxs:n}=r.series[0],i=r._data[0],o=r.valToPos(i[n[0]],t,!0),s=r.valToPos(i[n[1]],t,!0),a=Dt(s-o),c=r.series[e],l=a/(c.points.space*Ue);return n[1]-n[0]<=l}var nv={scale:null,auto:!0,sorted:0,min:Ze,max:-Ze},Fv=(r,e,t,n,i)=>i,iv={show:!0,auto:!0,sorted:0,gaps:Fv,alpha:1,facets:[At({},nv,{scale:"x"}),At({},nv,{scale:"y"})]},ov={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,gaps:Fv,alpha:1,points:{show:CI,filter:null},values:null,min:Ze,max:-Ze,idxs:[],path:null,clip:null};function MI(r,e,t,n,i){return t/10}var Uv={time:!0,auto:!0,distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},RI=At({},Uv,{time:!1,ori:1}),sv={};function zv(r,e){let t=sv[r];return t||(t={key:r,plots:[],sub(n){t.plots.push(n)},unsub(n){t.plots=t.plots.filter(i=>i!=n)},pub(n,i,o,s,a,c,l){for(let f=0;f<t.plots.length;f++)t.plots[f]!=i&&t.plots[f].pub(n,i,o,s,a,c,l)}},r!=null&&(sv[r]=t)),t}var ea=1,Lm=2;function Uo(r,e,t){let n=r.mode,i=r.series[e],o=n==2?r._data[e]:r._data,s=r.scales,a=r.bbox,c=o[0],l=n==2?o[1]:o[e],f=n==2?s[i.facets[0].scale]:s[r.series[0].scale],u=n==2?s[i.facets[1].scale]:s[i.scale],d=a.left,h=a.top,p=a.width,g=a.height,y=r.valToPosH,w=r.valToPosV;return f.ori==0?t(i,c,l,f,u,y,w,d,h,p,g,Ru,ra,Ou,$v,Wv):t(i,c,l,f,u,w,y,h,d,g,p,Iu,na,Vm,Vv,jv)}function Gm(r,e){let t=0,n=0,i=De(r.bands,Dm);for(let o=0;o<i.length;o++){let s=i[o];s.series[0]==e?t=s.dir:s.series[1]==e&&(s.dir==1?n|=1:n|=2)}return[t,n==1?-1:n==2?1:n==3?2:0]}function II(r,e,t,n,i){let o=r.mode,s=r.series[e],a=o==2?s.facets[1].scale:s.scale,c=r.scales[a];return i==-1?c.min:i==1?c.max:c.distr==3?c.dir==1?c.min:c.max:0}function Ai(r,e,t,n,i,o){return Uo(r,e,(s,a,c,l,f,u,d,h,p,g,y)=>{let w=s.pxRound,x=l.dir*(l.ori==0?1:-1),b=l.ori==0?ra:na,v,T;x==1?(v=t,T=n):(v=n,T=t);let L=w(u(a[v],l,g,h)),D=w(d(c[v],f,y,p)),B=w(u(a[T],l,g,h)),F=w(d(o==1?f.max:f.min,f,y,p)),M=new Path2D(i);return b(M,B,F),b(M,L,F),b(M,L,D),M})}function Mu(r,e,t,n,i,o){let s=null;if(r.length>0){s=new Path2D;let a=e==0?Ou:Vm,c=t;for(let u=0;u<r.length;u++){let d=r[u];if(d[1]>d[0]){let h=d[0]-c;h>0&&a(s,c,n,h,n+o),c=d[1]}}let l=t+i-c,f=10;l>0&&a(s,c,n-f/2,l,n+o+f)}return s}function OI(r,e,t){let n=r[r.length-1];n&&n[0]==e?n[1]=t:r.push([e,t])}function $m(r,e,t,n,i,o,s){let a=[],c=r.length;for(let l=i==1?t:n;l>=t&&l<=n;l+=i)if(e[l]===null){let u=l,d=l;if(i==1)for(;++l<=n&&e[l]===null;)d=l;else for(;--l>=t&&e[l]===null;)d=l;let h=o(r[u]),p=d==u?h:o(r[d]),g=u-i;h=s<=0&&g>=0&&g<c?o(r[g]):h;let w=d+i;p=s>=0&&w>=0&&w<c?o(r[w]):p,p>=h&&a.push([h,p])}return a}function av(r){return r==0?yv:r==1?kt:e=>Bo(e,r)}function Gv(r){let e=r==0?Ru:Iu,t=r==0?(i,o,s,a,c,l)=>{i.arcTo(o,s,a,c,l)}:(i,o,s,a,c,l)=>{i.arcTo(s,o,c,a,l)},n=r==0?(i,o,s,a,c)=>{i.rect(o,s,a,c)}:(i,o,s,a,c)=>{i.rect(s,o,c,a)};return(i,o,s,a,c,l=0,f=0)=>{l==0&&f==0?n(i,o,s,a,c):(l=Ln(l,a/2,c/2),f=Ln(f,a/2,c/2),e(i,o+l,s),t(i,o+a,s,o+a,s+c,l),t(i,o+a,s+c,o,s+c,f),t(i,o,s+c,o,s,f),t(i,o,s,o+a,s,l),i.closePath())}}var Ru=(r,e,t)=>{r.moveTo(e,t)},Iu=(r,e,t)=>{r.moveTo(t,e)},ra=(r,e,t)=>{r.lineTo(e,t)},na=(r,e,t)=>{r.lineTo(t,e)},Ou=Gv(0),Vm=Gv(1),$v=(r,e,t,n,i,o)=>{r.arc(e,t,n,i,o)},Vv=(r,e,t,n,i,o)=>{r.arc(t,e,n,i,o)},Wv=(r,e,t,n,i,o,s)=>{r.bezierCurveTo(e,t,n,i,o,s)},jv=(r,e,t,n,i,o,s)=>{r.bezierCurveTo(t,e,i,n,s,o)};function Hv(r){return(e,t,n,i,o)=>Uo(e,t,(s,a,c,l,f,u,d,h,p,g,y)=>{let{pxRound:w,points:x}=s,b,v;l.ori==0?(b=Ru,v=$v):(b=Iu,v=Vv);let T=Xe(x.width*Ue,3),L=(x.size-x.width)/2*Ue,D=Xe(L*2,3),B=new Path2D,F=new Path2D,{left:M,top:N,width:G,height:O}=e.bbox;Ou(F,M-D,N-D,G+D*2,O+D*2);let $=H=>{if(c[H]!=null){let te=w(u(a[H],l,g,h)),X=w(d(c[H],f,y,p));b(B,te+L,X),v(B,te,X,L,0,wu*2)}};if(o)o.forEach($);else for(let H=n;H<=i;H++)$(H);return{stroke:T>0?B:null,fill:B,clip:F,flags:ea|Lm}})}function Yv(r){return(e,t,n,i,o,s)=>{n!=i&&(o!=n&&s!=n&&r(e,t,n),o!=i&&s!=i&&r(e,t,i),r(e,t,s))}}var BI=Yv(ra),kI=Yv(na);function qv(r){let e=De(r?.alignGaps,0);return(t,n,i,o)=>Uo(t,n,(s,a,c,l,f,u,d,h,p,g,y)=>{[i,o]=Tu(c,i,o);let w=s.pxRound,x=O=>w(u(O,l,g,h)),b=O=>w(d(O,f,y,p)),v,T;l.ori==0?(v=ra,T=BI):(v=na,T=kI);let L=l.dir*(l.ori==0?1:-1),D={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:ea},B=D.stroke,F=!1;if(o-i>=g*4){let O=Q=>t.posToVal(Q,l.key,!0),$=null,H=null,te,X,Ne,Ee=x(a[L==1?i:o]),xe=x(a[i]),Ae=x(a[o]),ce=O(L==1?xe+1:Ae-1);for(let Q=L==1?i:o;Q>=i&&Q<=o;Q+=L){let nt=a[Q],Ce=(L==1?nt<ce:nt>ce)?Ee:x(nt),be=c[Q];Ce==Ee?be!=null?(X=be,$==null?(v(B,Ce,b(X)),te=$=H=X):X<$?$=X:X>H&&(H=X)):be===null&&(F=!0):($!=null&&T(B,Ee,b($),b(H),b(te),b(X)),be!=null?(X=be,v(B,Ce,b(X)),$=H=te=X):($=H=null,be===null&&(F=!0)),Ee=Ce,ce=O(Ee+L))}$!=null&&$!=H&&Ne!=Ee&&T(B,Ee,b($),b(H),b(te),b(X))}else for(let O=L==1?i:o;O>=i&&O<=o;O+=L){let $=c[O];$===null?F=!0:$!=null&&v(B,x(a[O]),b($))}let[N,G]=Gm(t,n);if(s.fill!=null||N!=0){let O=D.fill=new Path2D(B),$=s.fillTo(t,n,s.min,s.max,N),H=b($),te=x(a[i]),X=x(a[o]);L==-1&&([X,te]=[te,X]),v(O,X,H),v(O,te,H)}if(!s.spanGaps){let O=[];F&&O.push(...$m(a,c,i,o,L,x,e)),D.gaps=O=s.gaps(t,n,i,o,O),D.clip=Mu(O,l.ori,h,p,g,y)}return G!=0&&(D.band=G==2?[Ai(t,n,i,o,B,-1),Ai(t,n,i,o,B,1)]:Ai(t,n,i,o,B,G)),D})}function DI(r){let e=De(r.align,1),t=De(r.ascDesc,!1),n=De(r.alignGaps,0),i=De(r.extend,!1);return(o,s,a,c)=>Uo(o,s,(l,f,u,d,h,p,g,y,w,x,b)=>{[a,c]=Tu(u,a,c);let v=l.pxRound,{left:T,width:L}=o.bbox,D=xe=>v(p(xe,d,x,y)),B=xe=>v(g(xe,h,b,w)),F=d.ori==0?ra:na,M={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:ea},N=M.stroke,G=d.dir*(d.ori==0?1:-1),O=B(u[G==1?a:c]),$=D(f[G==1?a:c]),H=$,te=$;i&&e==-1&&(te=T,F(N,te,O)),F(N,$,O);for(let xe=G==1?a:c;xe>=a&&xe<=c;xe+=G){let Ae=u[xe];if(Ae==null)continue;let ce=D(f[xe]),Q=B(Ae);e==1?F(N,ce,O):F(N,H,Q),F(N,ce,Q),O=Q,H=ce}let X=H;i&&e==1&&(X=T+L,F(N,X,O));let[Ne,Ee]=Gm(o,s);if(l.fill!=null||Ne!=0){let xe=M.fill=new Path2D(N),Ae=l.fillTo(o,s,l.min,l.max,Ne),ce=B(Ae);F(xe,X,ce),F(xe,te,ce)}if(!l.spanGaps){let xe=[];xe.push(...$m(f,u,a,c,G,D,n));let Ae=l.width*Ue/2,ce=t||e==1?Ae:-Ae,Q=t||e==-1?-Ae:Ae;xe.forEach(nt=>{nt[0]+=ce,nt[1]+=Q}),M.gaps=xe=l.gaps(o,s,a,c,xe),M.clip=Mu(xe,d.ori,y,w,x,b)}return Ee!=0&&(M.band=Ee==2?[Ai(o,s,a,c,N,-1),Ai(o,s,a,c,N,1)]:Ai(o,s,a,c,N,Ee)),M})}function cv(r,e,t,n,i,o,s=Ze){if(r.length>1){let a=null;for(let c=0,l=1/0;c<r.length;c++)if(e[c]!==void 0){if(a!=null){let f=Dt(r[c]-r[a]);f<l&&(l=f,s=Dt(t(r[c],n,i,o)-t(r[a],n,i,o)))}a=c}}return s}function NI(r){r=r||Mc;let e=De(r.size,[.6,Ze,1]),t=r.align||0,n=r.gap||0,i=r.radius;i=i==null?[0,0]:typeof i=="number"?[i,0]:i;let o=Te(i),s=1-e[0],a=De(e[1],Ze),c=De(e[2],1),l=De(r.disp,Mc),f=De(r.each,h=>{}),{fill:u,stroke:d}=l;return(h,p,g,y)=>Uo(h,p,(w,x,b,v,T,L,D,B,F,M,N)=>{let G=w.pxRound,O=t,$=n*Ue,H=a*Ue,te=c*Ue,X,Ne;v.ori==0?[X,Ne]=o(h,p):[Ne,X]=o(h,p);let Ee=v.dir*(v.ori==0?1:-1),xe=v.ori==0?Ou:Vm,Ae=v.ori==0?f:(J,Pe,qe,Zt,tn,ct,rn)=>{f(J,Pe,qe,tn,Zt,rn,ct)},ce=De(h.bands,Dm).find(J=>J.series[0]==p),Q=ce!=null?ce.dir:0,nt=w.fillTo(h,p,w.min,w.max,Q),Be=G(D(nt,T,N,F)),Ce,be,at,Ye=M,Me=G(w.width*Ue),Rt=!1,lr=null,_t=null,Lr=null,Ar=null;u!=null&&(Me==0||d!=null)&&(Rt=!0,lr=u.values(h,p,g,y),_t=new Map,new Set(lr).forEach(J=>{J!=null&&_t.set(J,new Path2D)}),Me>0&&(Lr=d.values(h,p,g,y),Ar=new Map,new Set(Lr).forEach(J=>{J!=null&&Ar.set(J,new Path2D)})));let{x0:Cr,size:Ut}=l;if(Cr!=null&&Ut!=null){O=1,x=Cr.values(h,p,g,y),Cr.unit==2&&(x=x.map(qe=>h.posToVal(B+qe*M,v.key,!0)));let J=Ut.values(h,p,g,y);Ut.unit==2?be=J[0]*M:be=L(J[0],v,M,B)-L(0,v,M,B),Ye=cv(x,b,L,v,M,B,Ye),at=Ye-be+$}else Ye=cv(x,b,L,v,M,B,Ye),at=Ye*s+$,be=Ye-at;at<1&&(at=0),Me>=be/2&&(Me=0),at<5&&(G=yv);let $n=at>0,en=Ye-at-($n?Me:0);be=G(Pm(en,te,H)),Ce=(O==0?be/2:O==Ee?0:be)-O*Ee*((O==0?$/2:0)+($n?Me/2:0));let it={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},fr=Rt?null:new Path2D,ur=null;if(ce!=null)ur=h.data[ce.series[1]];else{let{y0:J,y1:Pe}=l;J!=null&&Pe!=null&&(b=Pe.values(h,p,g,y),ur=J.values(h,p,g,y))}let Mr=X*be,me=Ne*be;for(let J=Ee==1?g:y;J>=g&&J<=y;J+=Ee){let Pe=b[J];if(Pe==null)continue;if(ur!=null){let bt=ur[J]??0;if(Pe-bt==0)continue;Be=D(bt,T,N,F)}let qe=v.distr!=2||l!=null?x[J]:J,Zt=L(qe,v,M,B),tn=D(De(Pe,nt),T,N,F),ct=G(Zt-Ce),rn=G(_r(tn,Be)),Tt=G(Ln(tn,Be)),Xt=rn-Tt;if(Pe!=null){let bt=Pe<0?me:Mr,xt=Pe<0?Mr:me;Rt?(Me>0&&Lr[J]!=null&&xe(Ar.get(Lr[J]),ct,Tt+Vr(Me/2),be,_r(0,Xt-Me),bt,xt),lr[J]!=null&&xe(_t.get(lr[J]),ct,Tt+Vr(Me/2),be,_r(0,Xt-Me),bt,xt)):xe(fr,ct,Tt+Vr(Me/2),be,_r(0,Xt-Me),bt,xt),Ae(h,p,J,ct-Me/2,Tt,be+Me,Xt)}}return Me>0?it.stroke=Rt?Ar:fr:Rt||(it._fill=w.width==0?w._fill:w._stroke??w._fill,it.width=0),it.fill=Rt?_t:fr,it})}function FI(r,e){let t=De(e?.alignGaps,0);return(n,i,o,s)=>Uo(n,i,(a,c,l,f,u,d,h,p,g,y,w)=>{[o,s]=Tu(l,o,s);let x=a.pxRound,b=X=>x(d(X,f,y,p)),v=X=>x(h(X,u,w,g)),T,L,D;f.ori==0?(T=Ru,D=ra,L=Wv):(T=Iu,D=na,L=jv);let B=f.dir*(f.ori==0?1:-1),F=b(c[B==1?o:s]),M=F,N=[],G=[];for(let X=B==1?o:s;X>=o&&X<=s;X+=B)if(l[X]!=null){let Ee=c[X],xe=b(Ee);N.push(M=xe),G.push(v(l[X]))}let O={stroke:r(N,G,T,D,L,x),fill:null,clip:null,band:null,gaps:null,flags:ea},$=O.stroke,[H,te]=Gm(n,i);if(a.fill!=null||H!=0){let X=O.fill=new Path2D($),Ne=a.fillTo(n,i,a.min,a.max,H),Ee=v(Ne);D(X,M,Ee),D(X,F,Ee)}if(!a.spanGaps){let X=[];X.push(...$m(c,l,o,s,B,b,t)),O.gaps=X=a.gaps(n,i,o,s,X),O.clip=Mu(X,f.ori,p,g,y,w)}return te!=0&&(O.band=te==2?[Ai(n,i,o,s,$,-1),Ai(n,i,o,s,$,1)]:Ai(n,i,o,s,$,te)),O})}function UI(r){return FI(zI,r)}function zI(r,e,t,n,i,o){let s=r.length;if(s<2)return null;let a=new Path2D;if(t(a,r[0],e[0]),s==2)n(a,r[1],e[1]);else{let c=Array(s),l=Array(s-1),f=Array(s-1),u=Array(s-1);for(let d=0;d<s-1;d++)f[d]=e[d+1]-e[d],u[d]=r[d+1]-r[d],l[d]=f[d]/u[d];c[0]=l[0];for(let d=1;d<s-1;d++)l[d]===0||l[d-1]===0||l[d-1]>0!=l[d]>0?c[d]=0:(c[d]=3*(u[d-1]+u[d])/((2*u[d]+u[d-1])/l[d-1]+(u[d]+2*u[d-1])/l[d]),isFinite(c[d])||(c[d]=0));c[s-1]=l[s-2];for(let d=0;d<s-1;d++)i(a,r[d]+u[d]/3,e[d]+c[d]*u[d]/3,r[d+1]-u[d]/3,e[d+1]-c[d+1]*u[d]/3,r[d+1],e[d+1])}return a}var Am=new Set;function lv(){for(let r of Am)r.syncRect(!0)}ta&&(No(xR,Xs,lv),No(vR,Xs,lv,!0),No(Eu,Xs,()=>{Pt.pxRatio=Ue}));var GI=qv(),$I=Hv();function fv(r,e,t,n){return(n?[r[0],r[1]].concat(r.slice(2)):[r[0]].concat(r.slice(1))).map((o,s)=>Cm(o,s,e,t))}function VI(r,e){return r.map((t,n)=>n==0?{}:At({},e,t))}function Cm(r,e,t,n){return At({},e==0?t:n,r)}function Zv(r,e,t){return e==null?Qs:[e,t]}var WI=Zv;function jI(r,e,t){return e==null?Qs:Pu(e,t,Bm,!0)}function Xv(r,e,t,n){return e==null?Qs:Lu(e,t,r.scales[n].log,!1)}var HI=Xv;function Kv(r,e,t,n){return e==null?Qs:Om(e,t,r.scales[n].log,!1)}var YI=Kv;function qI(r,e,t,n,i){let o=_r($0(r),$0(e)),s=e-r,a=Tn(i/n*s,t);do{let c=t[a],l=n*c/s;if(l>=i&&o+(c<5?Qi.get(c):0)<=17)return[c,l]}while(++a<t.length);return[0,0]}function uv(r){let e,t;return r=r.replace(/(\d+)px/,(n,i)=>(e=kt((t=+i)*Ue))+"px"),[r,e,t]}function ZI(r){r.show&&[r.font,r.labelFont].forEach(e=>{let t=Xe(e[2]*Ue,1);e[0]=e[0].replace(/[0-9.]+px/,t+"px"),e[1]=t})}function Pt(r,e,t){let n={mode:De(r.mode,1)},i=n.mode;function o(m,_,E,P){let C=_.valToPct(m);return P+E*(_.dir==-1?1-C:C)}function s(m,_,E,P){let C=_.valToPct(m);return P+E*(_.dir==-1?C:1-C)}function a(m,_,E,P){return _.ori==0?o(m,_,E,P):s(m,_,E,P)}n.valToPosH=o,n.valToPosV=s;let c=!1;n.status=0;let l=n.root=an(rR);if(r.id!=null&&(l.id=r.id),$r(l,r.class),r.title){let m=an(oR,l);m.textContent=r.title}let f=Sn("canvas"),u=n.ctx=f.getContext("2d"),d=an(sR,l);No("click",d,m=>{m.target===p&&(Qe!=$s||ot!=Vs)&&Qt.click(n,m)},!0);let h=n.under=an(aR,d);d.appendChild(f);let p=n.over=an(cR,d);r=Js(r);let g=+De(r.pxAlign,1),y=av(g);(r.plugins||[]).forEach(m=>{m.opts&&(r=m.opts(n,r)||r)});let w=r.ms||.001,x=n.series=i==1?fv(r.series||[],ev,ov,!1):VI(r.series||[null],iv),b=n.axes=fv(r.axes||[],J0,rv,!0),v=n.scales={},T=n.bands=r.bands||[];T.forEach(m=>{m.fill=Te(m.fill||null),m.dir=De(m.dir,-1)});let L=i==2?x[1].facets[0].scale:x[0].scale,D={axes:IM,series:LM},B=(r.drawOrder||["axes","series"]).map(m=>D[m]);function F(m){let _=m.distr==3?E=>Li(E>0?E:m.clamp(n,E,m.min,m.max,m.key)):m.distr==4?E=>gm(E,m.asinh):m.distr==100?E=>m.fwd(E):E=>E;return E=>{let P=_(E),{_min:C,_max:R}=m,z=R-C;return(P-C)/z}}function M(m){let _=v[m];if(_==null){let E=(r.scales||Mc)[m]||Mc;if(E.from!=null){M(E.from);let P=At({},v[E.from],E,{key:m});P.valToPct=F(P),v[m]=P}else{_=v[m]=At({},m==L?Uv:RI,E),_.key=m;let P=_.time,C=_.range,R=Ki(C);if((m!=L||i==2&&!P)&&(R&&(C[0]==null||C[1]==null)&&(C={min:C[0]==null?U0:{mode:1,hard:C[0],soft:C[0]},max:C[1]==null?U0:{mode:1,hard:C[1],soft:C[1]}},R=!1),!R&&Cu(C))){let z=C;C=(W,Z,ee)=>Z==null?Qs:Pu(Z,ee,z)}_.range=Te(C||(P?WI:m==L?_.distr==3?HI:_.distr==4?YI:Zv:_.distr==3?Xv:_.distr==4?Kv:jI)),_.auto=Te(R?!1:_.auto),_.clamp=Te(_.clamp||MI),_._min=_._max=null,_.valToPct=F(_)}}}M("x"),M("y"),i==1&&x.forEach(m=>{M(m.scale)}),b.forEach(m=>{M(m.scale)});for(let m in r.scales)M(m);let N=v[L],G=N.distr,O,$;N.ori==0?($r(l,nR),O=o,$=s):($r(l,iR),O=s,$=o);let H={};for(let m in v){let _=v[m];(_.min!=null||_.max!=null)&&(H[m]={min:_.min,max:_.max},_.min=_.max=null)}let te=r.tzDate||(m=>new Date(kt(m/w))),X=r.fmtDate||Nm,Ne=w==1?nI(te):sI(te),Ee=X0(te,Z0(w==1?rI:oI,X)),xe=Q0(te,K0(cI,X)),Ae=[],ce=n.legend=At({},uI,r.legend),Q=n.cursor=At({},yI,{drag:{y:i==2}},r.cursor),nt=ce.show,Be=Q.show,Ce=ce.markers;ce.idxs=Ae,Ce.width=Te(Ce.width),Ce.dash=Te(Ce.dash),Ce.stroke=Te(Ce.stroke),Ce.fill=Te(Ce.fill);let be,at,Ye,Me=[],Rt=[],lr,_t=!1,Lr={};if(ce.live){let m=x[1]?x[1].values:null;_t=m!=null,lr=_t?m(n,1,0):{_:0};for(let _ in lr)Lr[_]=Rm}if(nt)if(be=Sn("table",pR,l),Ye=Sn("tbody",null,be),ce.mount(n,be),_t){at=Sn("thead",null,be,Ye);let m=Sn("tr",null,at);Sn("th",null,m);for(var Ar in lr)Sn("th",T0,m).textContent=Ar}else $r(be,gR),ce.live&&$r(be,mR);let Cr={show:!0},Ut={show:!1};function $n(m,_){if(_==0&&(_t||!ce.live||i==2))return Qs;let E=[],P=Sn("tr",yR,Ye,Ye.childNodes[_]);$r(P,m.class),m.show||$r(P,Do);let C=Sn("th",null,P);if(Ce.show){let W=an(_R,C);if(_>0){let Z=Ce.width(n,_);Z&&(W.style.border=Z+"px "+Ce.dash(n,_)+" "+Ce.stroke(n,_)),W.style.background=Ce.fill(n,_)}}let R=an(T0,C);m.label instanceof HTMLElement?R.appendChild(m.label):R.textContent=m.label,_>0&&(Ce.show||(R.style.color=m.width>0?Ce.stroke(n,_):Ce.fill(n,_)),it("click",C,W=>{if(Q._lock)return;Ei(W);let Z=x.indexOf(m);if((W.ctrlKey||W.metaKey)!=ce.isolate){let ee=x.some((re,oe)=>oe>0&&oe!=Z&&re.show);x.forEach((re,oe)=>{oe>0&&Hn(oe,ee?oe==Z?Cr:Ut:Cr,!0,Lt.setSeries)})}else Hn(Z,{show:!m.show},!0,Lt.setSeries)},!1),Vn&&it(M0,C,W=>{Q._lock||(Ei(W),Hn(x.indexOf(m),js,!0,Lt.setSeries))},!1));for(var z in lr){let W=Sn("td",bR,P);W.textContent="--",E.push(W)}return[P,E]}let en=new Map;function it(m,_,E,P=!0){let C=en.get(_)||{},R=Q.bind[m](n,_,E,P);R&&(No(m,_,C[m]=R),en.set(_,C))}function fr(m,_,E){let P=en.get(_)||{};for(let C in P)(m==null||C==m)&&(Em(C,_,P[C]),delete P[C]);m==null&&en.delete(_)}let ur=0,Mr=0,me=0,J=0,Pe=0,qe=0,Zt=Pe,tn=qe,ct=me,rn=J,Tt=0,Xt=0,bt=0,xt=0;n.bbox={};let Lo=!1,I=!1,Y=!1,le=!1,ve=!1,ge=!1;function Se(m,_,E){(E||m!=n.width||_!=n.height)&&ze(m,_),Fs(!1),Y=!0,I=!0,Us()}function ze(m,_){n.width=ur=me=m,n.height=Mr=J=_,Pe=qe=0,ks(),Ir();let E=n.bbox;Tt=E.left=Bo(Pe*Ue,.5),Xt=E.top=Bo(qe*Ue,.5),bt=E.width=Bo(me*Ue,.5),xt=E.height=Bo(J*Ue,.5)}let It=3;function Rr(){let m=!1,_=0;for(;!m;){_++;let E=MM(_),P=RM(_);m=_==It||E&&P,m||(ze(n.width,n.height),I=!0)}}function Ao({width:m,height:_}){Se(m,_)}n.setSize=Ao;function ks(){let m=!1,_=!1,E=!1,P=!1;b.forEach((C,R)=>{if(C.show&&C._show){let{side:z,_size:W}=C,Z=z%2,ee=C.label!=null?C.labelSize:0,re=W+ee;re>0&&(Z?(me-=re,z==3?(Pe+=re,P=!0):E=!0):(J-=re,z==0?(qe+=re,m=!0):_=!0))}}),Pi[0]=m,Pi[1]=E,Pi[2]=_,Pi[3]=P,me-=V[1]+V[3],Pe+=V[3],J-=V[2]+V[0],qe+=V[0]}function Ir(){let m=Pe+me,_=qe+J,E=Pe,P=qe;function C(R,z){switch(R){case 1:return m+=z,m-z;case 2:return _+=z,_-z;case 3:return E-=z,E+z;case 0:return P-=z,P+z}}b.forEach((R,z)=>{if(R.show&&R._show){let W=R.side;R._pos=C(W,R._size),R.label!=null&&(R._lpos=C(W,R.labelSize))}})}if(Q.dataIdx==null){let m=Q.hover,_=m.skip=new Set(m.skip??[]);_.add(void 0);let E=m.prox=Te(m.prox),P=m.bias??=0;Q.dataIdx=(C,R,z,W)=>{if(R==0)return z;let Z=z,ee=E(C,R,z,W)??Ze,re=ee>=0&&ee<Ze,oe=N.ori==0?me:J,ye=Q.left,Fe=e[0],ke=e[R];if(_.has(ke[z])){Z=null;let we=null,he=null,ae;if(P==0||P==-1)for(ae=z;we==null&&ae-- >0;)_.has(ke[ae])||(we=ae);if(P==0||P==1)for(ae=z;he==null&&ae++<ke.length;)_.has(ke[ae])||(he=ae);if(we!=null||he!=null)if(re){let et=we==null?-1/0:O(Fe[we],N,oe,0),ht=he==null?1/0:O(Fe[he],N,oe,0),Wt=ye-et,We=ht-ye;Wt<=We?Wt<=ee&&(Z=we):We<=ee&&(Z=he)}else Z=he==null?we:we==null?he:z-we<=he-z?we:he}else re&&Dt(ye-O(Fe[z],N,oe,0))>ee&&(Z=null);return Z}}let Ei=m=>{Q.event=m};Q.idxs=Ae,Q._lock=!1;let Ot=Q.points;Ot.show=Te(Ot.show),Ot.size=Te(Ot.size),Ot.stroke=Te(Ot.stroke),Ot.width=Te(Ot.width),Ot.fill=Te(Ot.fill);let zt=n.focus=At({},r.focus||{alpha:.3},Q.focus),Vn=zt.prox>=0,Wn=Vn&&Ot.one,dr=[],wn=[],Wi=[];function mc(m,_){let E=Ot.show(n,_);if(E instanceof HTMLElement)return $r(E,hR),$r(E,m.class),Xn(E,-10,-10,me,J),p.insertBefore(E,dr[_]),E}function gc(m,_){if(i==1||_>0){let E=i==1&&v[m.scale].time,P=m.value;m.value=E?j0(P)?Q0(te,K0(P,X)):P||xe:P||LI,m.label=m.label||(E?bI:_I)}if(Wn||_>0){m.width=m.width==null?1:m.width,m.paths=m.paths||GI||RR,m.fillTo=Te(m.fillTo||II),m.pxAlign=+De(m.pxAlign,g),m.pxRound=av(m.pxAlign),m.stroke=Te(m.stroke||null),m.fill=Te(m.fill||null),m._stroke=m._fill=m._paths=m._focus=null;let E=AI(_r(1,m.width),1),P=m.points=At({},{size:E,width:_r(1,E*.2),stroke:m.stroke,space:E*2,paths:$I,_stroke:null,_fill:null},m.points);P.show=Te(P.show),P.filter=Te(P.filter),P.fill=Te(P.fill),P.stroke=Te(P.stroke),P.paths=Te(P.paths),P.pxAlign=m.pxAlign}if(nt){let E=$n(m,_);Me.splice(_,0,E[0]),Rt.splice(_,0,E[1]),ce.values.push(null)}if(Be){Ae.splice(_,0,null);let E=null;Wn?_==0&&(E=mc(m,_)):_>0&&(E=mc(m,_)),dr.splice(_,0,E),wn.splice(_,0,0),Wi.splice(_,0,0)}Vt("addSeries",_)}function lu(m,_){_=_??x.length,m=i==1?Cm(m,_,ev,ov):Cm(m,_,{},iv),x.splice(_,0,m),gc(x[_],_)}n.addSeries=lu;function fu(m){if(x.splice(m,1),nt){ce.values.splice(m,1),Rt.splice(m,1);let _=Me.splice(m,1)[0];fr(null,_.firstChild),_.remove()}Be&&(Ae.splice(m,1),dr.splice(m,1)[0].remove(),wn.splice(m,1),Wi.splice(m,1)),Vt("delSeries",m)}n.delSeries=fu;let Pi=[!1,!1,!1,!1];function Jp(m,_){if(m._show=m.show,m.show){let E=m.side%2,P=v[m.scale];P==null&&(m.scale=E?x[1].scale:L,P=v[m.scale]);let C=P.time;m.size=Te(m.size),m.space=Te(m.space),m.rotate=Te(m.rotate),Ki(m.incrs)&&m.incrs.forEach(z=>{!Qi.has(z)&&Qi.set(z,xv(z))}),m.incrs=Te(m.incrs||(P.distr==2?JR:C?w==1?tI:iI:ko)),m.splits=Te(m.splits||(C&&P.distr==1?Ne:P.distr==3?Sm:P.distr==4?wI:vI)),m.stroke=Te(m.stroke),m.grid.stroke=Te(m.grid.stroke),m.ticks.stroke=Te(m.ticks.stroke),m.border.stroke=Te(m.border.stroke);let R=m.values;m.values=Ki(R)&&!Ki(R[0])?Te(R):C?Ki(R)?X0(te,Z0(R,X)):j0(R)?aI(te,R):R||Ee:R||xI,m.filter=Te(m.filter||(P.distr>=3&&P.log==10?SI:P.distr==3&&P.log==2?TI:_v)),m.font=uv(m.font),m.labelFont=uv(m.labelFont),m._size=m.size(n,null,_,0),m._space=m._rotate=m._incrs=m._found=m._splits=m._values=null,m._size>0&&(Pi[_]=!0,m._el=an(lR,d))}}function A(m,_,E,P){let[C,R,z,W]=E,Z=_%2,ee=0;return Z==0&&(W||R)&&(ee=_==0&&!C||_==2&&!z?kt(J0.size/3):0),Z==1&&(C||z)&&(ee=_==1&&!R||_==3&&!W?kt(rv.size/2):0),ee}let U=n.padding=(r.padding||[A,A,A,A]).map(m=>Te(De(m,A))),V=n._padding=U.map((m,_)=>m(n,_,Pi,0)),j,ne=null,ie=null,Re=i==1?x[0].idxs:null,$e=null,er=!1;function ji(m,_){if(e=m??[],n.data=n._data=e,i==2){j=0;for(let E=1;E<x.length;E++)j+=e[E][0].length}else{e.length==0&&(n.data=n._data=e=[[]]),$e=e[0],j=$e.length;let E=e;if(G==2){E=e.slice();let P=E[0]=Array(j);for(let C=0;C<j;C++)P[C]=C}n._data=e=E}if(Fs(!0),Vt("setData"),G==2&&(Y=!0),_!==!1){let E=N;E.auto(n,er)?_e():qi(L,E.min,E.max),le=le||Q.left>=0,ge=!0,Us()}}n.setData=ji;function _e(){er=!0;let m,_;i==1&&(j>0?(ne=Re[0]=0,ie=Re[1]=j-1,m=e[0][ne],_=e[0][ie],G==2?(m=ne,_=ie):m==_&&(G==3?[m,_]=Lu(m,m,N.log,!1):G==4?[m,_]=Om(m,m,N.log,!1):N.time?_=m+kt(86400/w):[m,_]=Pu(m,_,Bm,!0))):(ne=Re[0]=m=null,ie=Re[1]=_=null)),qi(L,m,_)}let vt,wt,Nr,Hi,jn,Co,Ds,yc,Kt,Bt;function Ns(m,_,E,P,C,R){m??=A0,E??=Dm,P??="butt",C??=A0,R??="round",m!=vt&&(u.strokeStyle=vt=m),C!=wt&&(u.fillStyle=wt=C),_!=Nr&&(u.lineWidth=Nr=_),R!=jn&&(u.lineJoin=jn=R),P!=Co&&(u.lineCap=Co=P),E!=Hi&&u.setLineDash(Hi=E)}function Mo(m,_,E,P){_!=wt&&(u.fillStyle=wt=_),m!=Ds&&(u.font=Ds=m),E!=yc&&(u.textAlign=yc=E),P!=Kt&&(u.textBaseline=Kt=P)}function _c(m,_,E,P,C=0){if(P.length>0&&m.auto(n,er)&&(_==null||_.min==null)){let R=De(ne,0),z=De(ie,P.length-1),W=E.min==null?SR(P,R,z,C,m.distr==3):[E.min,E.max];m.min=Ln(m.min,E.min=W[0]),m.max=_r(m.max,E.max=W[1])}}let uu={min:null,max:null};function SM(){for(let P in v){let C=v[P];H[P]==null&&(C.min==null||H[L]!=null&&C.auto(n,er))&&(H[P]=uu)}for(let P in v){let C=v[P];H[P]==null&&C.from!=null&&H[C.from]!=null&&(H[P]=uu)}H[L]!=null&&Fs(!0);let m={};for(let P in H){let C=H[P];if(C!=null){let R=m[P]=Js(v[P],BR);if(C.min!=null)At(R,C);else if(P!=L||i==2)if(j==0&&R.from==null){let z=R.range(n,null,null,P);R.min=z[0],R.max=z[1]}else R.min=Ze,R.max=-Ze}}if(j>0){x.forEach((P,C)=>{if(i==1){let R=P.scale,z=H[R];if(z==null)return;let W=m[R];if(C==0){let Z=W.range(n,W.min,W.max,R);W.min=Z[0],W.max=Z[1],ne=Tn(W.min,e[0]),ie=Tn(W.max,e[0]),ie-ne>1&&(e[0][ne]<W.min&&ne++,e[0][ie]>W.max&&ie--),P.min=$e[ne],P.max=$e[ie]}else P.show&&P.auto&&_c(W,z,P,e[C],P.sorted);P.idxs[0]=ne,P.idxs[1]=ie}else if(C>0&&P.show&&P.auto){let[R,z]=P.facets,W=R.scale,Z=z.scale,[ee,re]=e[C],oe=m[W],ye=m[Z];oe!=null&&_c(oe,H[W],R,ee,R.sorted),ye!=null&&_c(ye,H[Z],z,re,z.sorted),P.min=z.min,P.max=z.max}});for(let P in m){let C=m[P],R=H[P];if(C.from==null&&(R==null||R.min==null)){let z=C.range(n,C.min==Ze?null:C.min,C.max==-Ze?null:C.max,P);C.min=z[0],C.max=z[1]}}}for(let P in m){let C=m[P];if(C.from!=null){let R=m[C.from];if(R.min==null)C.min=C.max=null;else{let z=C.range(n,R.min,R.max,P);C.min=z[0],C.max=z[1]}}}let _={},E=!1;for(let P in m){let C=m[P],R=v[P];if(R.min!=C.min||R.max!=C.max){R.min=C.min,R.max=C.max;let z=R.distr;R._min=z==3?Li(R.min):z==4?gm(R.min,R.asinh):z==100?R.fwd(R.min):R.min,R._max=z==3?Li(R.max):z==4?gm(R.max,R.asinh):z==100?R.fwd(R.max):R.max,_[P]=E=!0}}if(E){x.forEach((P,C)=>{i==2?C>0&&_.y&&(P._paths=null):_[P.scale]&&(P._paths=null)});for(let P in _)Y=!0,Vt("setScale",P);Be&&Q.left>=0&&(le=ge=!0)}for(let P in H)H[P]=null}function TM(m){let _=Pm(ne-1,0,j-1),E=Pm(ie+1,0,j-1);for(;m[_]==null&&_>0;)_--;for(;m[E]==null&&E<j-1;)E++;return[_,E]}function LM(){if(j>0){let m=x.some(_=>_._focus)&&Bt!=zt.alpha;m&&(u.globalAlpha=Bt=zt.alpha),x.forEach((_,E)=>{if(E>0&&_.show&&(r0(E,!1),r0(E,!0),_._paths==null)){let P=Bt;Bt!=_.alpha&&(u.globalAlpha=Bt=_.alpha);let C=i==2?[0,e[E][0].length-1]:TM(e[E]);_._paths=_.paths(n,E,C[0],C[1]),Bt!=P&&(u.globalAlpha=Bt=P)}}),x.forEach((_,E)=>{if(E>0&&_.show){let P=Bt;Bt!=_.alpha&&(u.globalAlpha=Bt=_.alpha),_._paths!=null&&n0(E,!1);{let C=_._paths!=null?_._paths.gaps:null,R=_.points.show(n,E,ne,ie,C),z=_.points.filter(n,E,R,C);(R||z)&&(_.points._paths=_.points.paths(n,E,ne,ie,z),n0(E,!0))}Bt!=P&&(u.globalAlpha=Bt=P),Vt("drawSeries",E)}}),m&&(u.globalAlpha=Bt=1)}}function r0(m,_){let E=_?x[m].points:x[m];E._stroke=E.stroke(n,m),E._fill=E.fill(n,m)}function n0(m,_){let E=_?x[m].points:x[m],{stroke:P,fill:C,clip:R,flags:z,_stroke:W=E._stroke,_fill:Z=E._fill,_width:ee=E.width}=E._paths;ee=Xe(ee*Ue,3);let re=null,oe=ee%2/2;_&&Z==null&&(Z=ee>0?"#fff":W);let ye=E.pxAlign==1&&oe>0;if(ye&&u.translate(oe,oe),!_){let Fe=Tt-ee/2,ke=Xt-ee/2,we=bt+ee,he=xt+ee;re=new Path2D,re.rect(Fe,ke,we,he)}_?em(W,ee,E.dash,E.cap,Z,P,C,z,R):AM(m,W,ee,E.dash,E.cap,Z,P,C,z,re,R),ye&&u.translate(-oe,-oe)}function AM(m,_,E,P,C,R,z,W,Z,ee,re){let oe=!1;Z!=0&&T.forEach((ye,Fe)=>{if(ye.series[0]==m){let ke=x[ye.series[1]],we=e[ye.series[1]],he=(ke._paths||Mc).band;Ki(he)&&(he=ye.dir==1?he[0]:he[1]);let ae,et=null;ke.show&&he&&LR(we,ne,ie)?(et=ye.fill(n,Fe)||R,ae=ke._paths.clip):he=null,em(_,E,P,C,et,z,W,Z,ee,re,ae,he),oe=!0}}),oe||em(_,E,P,C,R,z,W,Z,ee,re)}let i0=ea|Lm;function em(m,_,E,P,C,R,z,W,Z,ee,re,oe){Ns(m,_,E,P,C),(Z||ee||oe)&&(u.save(),Z&&u.clip(Z),ee&&u.clip(ee)),oe?(W&i0)==i0?(u.clip(oe),re&&u.clip(re),hu(C,z),du(m,R,_)):W&Lm?(hu(C,z),u.clip(oe),du(m,R,_)):W&ea&&(u.save(),u.clip(oe),re&&u.clip(re),hu(C,z),u.restore(),du(m,R,_)):(hu(C,z),du(m,R,_)),(Z||ee||oe)&&u.restore()}function du(m,_,E){E>0&&(_ instanceof Map?_.forEach((P,C)=>{u.strokeStyle=vt=C,u.stroke(P)}):_!=null&&m&&u.stroke(_))}function hu(m,_){_ instanceof Map?_.forEach((E,P)=>{u.fillStyle=wt=P,u.fill(E)}):_!=null&&m&&u.fill(_)}function CM(m,_,E,P){let C=b[m],R;if(P<=0)R=[0,0];else{let z=C._space=C.space(n,m,_,E,P),W=C._incrs=C.incrs(n,m,_,E,P,z);R=qI(_,E,W,P,z)}return C._found=R}function tm(m,_,E,P,C,R,z,W,Z,ee){let re=z%2/2;g==1&&u.translate(re,re),Ns(W,z,Z,ee,W),u.beginPath();let oe,ye,Fe,ke,we=C+(P==0||P==3?-R:R);E==0?(ye=C,ke=we):(oe=C,Fe=we);for(let he=0;he<m.length;he++)_[he]!=null&&(E==0?oe=Fe=m[he]:ye=ke=m[he],u.moveTo(oe,ye),u.lineTo(Fe,ke));u.stroke(),g==1&&u.translate(-re,-re)}function MM(m){let _=!0;return b.forEach((E,P)=>{if(!E.show)return;let C=v[E.scale];if(C.min==null){E._show&&(_=!1,E._show=!1,Fs(!1));return}else E._show||(_=!1,E._show=!0,Fs(!1));let R=E.side,z=R%2,{min:W,max:Z}=C,[ee,re]=CM(P,W,Z,z==0?me:J);if(re==0)return;let oe=C.distr==2,ye=E._splits=E.splits(n,P,W,Z,ee,re,oe),Fe=C.distr==2?ye.map(ae=>$e[ae]):ye,ke=C.distr==2?$e[ye[1]]-$e[ye[0]]:ee,we=E._values=E.values(n,E.filter(n,Fe,P,re,ke),P,re,ke);E._rotate=R==2?E.rotate(n,we,P,re):0;let he=E._size;E._size=cn(E.size(n,we,P,m)),he!=null&&E._size!=he&&(_=!1)}),_}function RM(m){let _=!0;return U.forEach((E,P)=>{let C=E(n,P,Pi,m);C!=V[P]&&(_=!1),V[P]=C}),_}function IM(){for(let m=0;m<b.length;m++){let _=b[m];if(!_.show||!_._show)continue;let E=_.side,P=E%2,C,R,z=_.stroke(n,m),W=E==0||E==3?-1:1,[Z,ee]=_._found;if(_.label!=null){let pr=_.labelGap*W,zr=kt((_._lpos+pr)*Ue);Mo(_.labelFont[0],z,"center",E==2?"top":L0),u.save(),P==1?(C=R=0,u.translate(zr,kt(Xt+xt/2)),u.rotate((E==3?-wu:wu)/2)):(C=kt(Tt+bt/2),R=zr);let Oo=gv(_.label)?_.label(n,m,Z,ee):_.label;u.fillText(Oo,C,R),u.restore()}if(ee==0)continue;let re=v[_.scale],oe=P==0?bt:xt,ye=P==0?Tt:Xt,Fe=_._splits,ke=re.distr==2?Fe.map(pr=>$e[pr]):Fe,we=re.distr==2?$e[Fe[1]]-$e[Fe[0]]:Z,he=_.ticks,ae=_.border,et=he.show?he.size:0,ht=kt(et*Ue),Wt=kt((_.alignTo==2?_._size-et-_.gap:_.gap)*Ue),We=_._rotate*-wu/180,pt=y(_._pos*Ue),Fr=(ht+Wt)*W,hr=pt+Fr;R=P==0?hr:0,C=P==1?hr:0;let nn=_.font[0],En=_.align==1?qs:_.align==2?hm:We>0?qs:We<0?hm:P==0?"center":E==3?hm:qs,qn=We||P==1?"middle":E==2?"top":L0;Mo(nn,z,En,qn);let Ur=_.font[1]*_.lineGap,on=Fe.map(pr=>y(a(pr,re,oe,ye))),Pn=_._values;for(let pr=0;pr<Pn.length;pr++){let zr=Pn[pr];if(zr!=null){P==0?C=on[pr]:R=on[pr],zr=""+zr;let Oo=zr.indexOf(`
`)==-1?[zr]:zr.split(/\n/gm);for(let mr=0;mr<Oo.length;mr++){let E0=Oo[mr];We?(u.save(),u.translate(C,R+mr*Ur),u.rotate(We),u.fillText(E0,0,0),u.restore()):u.fillText(E0,C,R+mr*Ur)}}}he.show&&tm(on,he.filter(n,ke,m,ee,we),P,E,pt,ht,Xe(he.width*Ue,3),he.stroke(n,m),he.dash,he.cap);let Zn=_.grid;Zn.show&&tm(on,Zn.filter(n,ke,m,ee,we),P,P==0?2:1,P==0?Xt:Tt,P==0?xt:bt,Xe(Zn.width*Ue,3),Zn.stroke(n,m),Zn.dash,Zn.cap),ae.show&&tm([pt],[1],P==0?1:0,P==0?1:2,P==1?Xt:Tt,P==1?xt:bt,Xe(ae.width*Ue,3),ae.stroke(n,m),ae.dash,ae.cap)}Vt("drawAxes")}function Fs(m){x.forEach((_,E)=>{E>0&&(_._paths=null,m&&(i==1?(_.min=null,_.max=null):_.facets.forEach(P=>{P.min=null,P.max=null})))})}let pu=!1,rm=!1,bc=[];function OM(){rm=!1;for(let m=0;m<bc.length;m++)Vt(...bc[m]);bc.length=0}function Us(){pu||(GR(o0),pu=!0)}function BM(m,_=!1){pu=!0,rm=_,m(n),o0(),_&&bc.length>0&&queueMicrotask(OM)}n.batch=BM;function o0(){if(Lo&&(SM(),Lo=!1),Y&&(Rr(),Y=!1),I){if(tt(h,qs,Pe),tt(h,"top",qe),tt(h,Tc,me),tt(h,Lc,J),tt(p,qs,Pe),tt(p,"top",qe),tt(p,Tc,me),tt(p,Lc,J),tt(d,Tc,ur),tt(d,Lc,Mr),f.width=kt(ur*Ue),f.height=kt(Mr*Ue),b.forEach(({_el:m,_show:_,_size:E,_pos:P,side:C})=>{if(m!=null)if(_){let R=C===3||C===0?E:0,z=C%2==1;tt(m,z?"left":"top",P-R),tt(m,z?"width":"height",E),tt(m,z?"top":"left",z?qe:Pe),tt(m,z?"height":"width",z?J:me),wm(m,Do)}else $r(m,Do)}),vt=wt=Nr=jn=Co=Ds=yc=Kt=Hi=null,Bt=1,wc(!0),Pe!=Zt||qe!=tn||me!=ct||J!=rn){Fs(!1);let m=me/ct,_=J/rn;if(Be&&!le&&Q.left>=0){Q.left*=m,Q.top*=_,zs&&Xn(zs,kt(Q.left),0,me,J),Gs&&Xn(Gs,0,kt(Q.top),me,J);for(let E=0;E<dr.length;E++){let P=dr[E];P!=null&&(wn[E]*=m,Wi[E]*=_,Xn(P,cn(wn[E]),cn(Wi[E]),me,J))}}if(Je.show&&!ve&&Je.left>=0&&Je.width>0){Je.left*=m,Je.width*=m,Je.top*=_,Je.height*=_;for(let E in cm)tt(Ws,E,Je[E])}Zt=Pe,tn=qe,ct=me,rn=J}Vt("setSize"),I=!1}ur>0&&Mr>0&&(u.clearRect(0,0,f.width,f.height),Vt("drawClear"),B.forEach(m=>m()),Vt("draw")),Je.show&&ve&&(mu(Je),ve=!1),Be&&le&&(Io(null,!0,!1),le=!1),ce.show&&ce.live&&ge&&(sm(),ge=!1),c||(c=!0,n.status=1,Vt("ready")),er=!1,pu=!1}n.redraw=(m,_)=>{Y=_||!1,m!==!1?qi(L,N.min,N.max):Us()};function nm(m,_){let E=v[m];if(E.from==null){if(j==0){let P=E.range(n,_.min,_.max,m);_.min=P[0],_.max=P[1]}if(_.min>_.max){let P=_.min;_.min=_.max,_.max=P}if(j>1&&_.min!=null&&_.max!=null&&_.max-_.min<1e-16)return;m==L&&E.distr==2&&j>0&&(_.min=Tn(_.min,e[0]),_.max=Tn(_.max,e[0]),_.min==_.max&&_.max++),H[m]=_,Lo=!0,Us()}}n.setScale=nm;let im,om,zs,Gs,s0,a0,$s,Vs,c0,l0,Qe,ot,Yi=!1,Qt=Q.drag,Gt=Qt.x,$t=Qt.y;Be&&(Q.x&&(im=an(uR,p)),Q.y&&(om=an(dR,p)),N.ori==0?(zs=im,Gs=om):(zs=om,Gs=im),Qe=Q.left,ot=Q.top);let Je=n.select=At({show:!0,over:!0,left:0,width:0,top:0,height:0},r.select),Ws=Je.show?an(fR,Je.over?p:h):null;function mu(m,_){if(Je.show){for(let E in m)Je[E]=m[E],E in cm&&tt(Ws,E,m[E]);_!==!1&&Vt("setSelect")}}n.setSelect=mu;function kM(m){if(x[m].show)nt&&wm(Me[m],Do);else if(nt&&$r(Me[m],Do),Be){let E=Wn?dr[0]:dr[m];E!=null&&Xn(E,-10,-10,me,J)}}function qi(m,_,E){nm(m,{min:_,max:E})}function Hn(m,_,E,P){_.focus!=null&&zM(m),_.show!=null&&x.forEach((C,R)=>{R>0&&(m==R||m==null)&&(C.show=_.show,kM(R),i==2?(qi(C.facets[0].scale,null,null),qi(C.facets[1].scale,null,null)):qi(C.scale,null,null),Us())}),E!==!1&&Vt("setSeries",m,_),P&&Ec("setSeries",n,m,_)}n.setSeries=Hn;function DM(m,_){At(T[m],_)}function NM(m,_){m.fill=Te(m.fill||null),m.dir=De(m.dir,-1),_=_??T.length,T.splice(_,0,m)}function FM(m){m==null?T.length=0:T.splice(m,1)}n.addBand=NM,n.setBand=DM,n.delBand=FM;function UM(m,_){x[m].alpha=_,Be&&dr[m]!=null&&(dr[m].style.opacity=_),nt&&Me[m]&&(Me[m].style.opacity=_)}let Si,Zi,Ro,js={focus:!0};function zM(m){if(m!=Ro){let _=m==null,E=zt.alpha!=1;x.forEach((P,C)=>{if(i==1||C>0){let R=_||C==0||C==m;P._focus=_?null:R,E&&UM(C,R?1:zt.alpha)}}),Ro=m,E&&Us()}}nt&&Vn&&it(R0,be,m=>{Q._lock||(Ei(m),Ro!=null&&Hn(null,js,!0,Lt.setSeries))});function Yn(m,_,E){let P=v[_];E&&(m=m/Ue-(P.ori==1?qe:Pe));let C=me;P.ori==1&&(C=J,m=C-m),P.dir==-1&&(m=C-m);let R=P._min,z=P._max,W=m/C,Z=R+(z-R)*W,ee=P.distr;return ee==3?Ks(10,Z):ee==4?CR(Z,P.asinh):ee==100?P.bwd(Z):Z}function GM(m,_){let E=Yn(m,L,_);return Tn(E,e[0],ne,ie)}n.valToIdx=m=>Tn(m,e[0]),n.posToIdx=GM,n.posToVal=Yn,n.valToPos=(m,_,E)=>v[_].ori==0?o(m,v[_],E?bt:me,E?Tt:0):s(m,v[_],E?xt:J,E?Xt:0),n.setCursor=(m,_,E)=>{Qe=m.left,ot=m.top,Io(null,_,E)};function f0(m,_){tt(Ws,qs,Je.left=m),tt(Ws,Tc,Je.width=_)}function u0(m,_){tt(Ws,"top",Je.top=m),tt(Ws,Lc,Je.height=_)}let xc=N.ori==0?f0:u0,vc=N.ori==1?f0:u0;function $M(){if(nt&&ce.live)for(let m=i==2?1:0;m<x.length;m++){if(m==0&&_t)continue;let _=ce.values[m],E=0;for(let P in _)Rt[m][E++].firstChild.nodeValue=_[P]}}function sm(m,_){if(m!=null&&(m.idxs?m.idxs.forEach((E,P)=>{Ae[P]=E}):OR(m.idx)||Ae.fill(m.idx),ce.idx=Ae[0]),nt&&ce.live){for(let E=0;E<x.length;E++)(E>0||i==1&&!_t)&&VM(E,Ae[E]);$M()}ge=!1,_!==!1&&Vt("setLegend")}n.setLegend=sm;function VM(m,_){let E=x[m],P=m==0&&G==2?$e:e[m],C;_t?C=E.values(n,m,_)??Lr:(C=E.value(n,_==null?null:P[_],m,_),C=C==null?Lr:{_:C}),ce.values[m]=C}function Io(m,_,E){c0=Qe,l0=ot,[Qe,ot]=Q.move(n,Qe,ot),Q.left=Qe,Q.top=ot,Be&&(zs&&Xn(zs,kt(Qe),0,me,J),Gs&&Xn(Gs,0,kt(ot),me,J));let P,C=ne>ie;Si=Ze,Zi=null;let R=N.ori==0?me:J,z=N.ori==1?me:J;if(Qe<0||j==0||C){P=Q.idx=null;for(let W=0;W<x.length;W++){let Z=dr[W];Z!=null&&Xn(Z,-10,-10,me,J)}Vn&&Hn(null,js,!0,m==null&&Lt.setSeries),ce.live&&(Ae.fill(P),ge=!0)}else{let W,Z,ee;i==1&&(W=N.ori==0?Qe:ot,Z=Yn(W,L),P=Q.idx=Tn(Z,e[0],ne,ie),ee=O(e[0][P],N,R,0));let re=-10,oe=-10,ye=0,Fe=0,ke=!0,we="",he="";for(let ae=i==2?1:0;ae<x.length;ae++){let et=x[ae],ht=Ae[ae],Wt=ht==null?null:i==1?e[ae][ht]:e[ae][1][ht],We=Q.dataIdx(n,ae,P,Z),pt=We==null?null:i==1?e[ae][We]:e[ae][1][We];if(ge=ge||pt!=Wt||We!=ht,Ae[ae]=We,ae>0&&et.show){let Fr=We==null?-10:We==P?ee:O(i==1?e[0][We]:e[ae][0][We],N,R,0),hr=pt==null?-10:$(pt,i==1?v[et.scale]:v[et.facets[1].scale],z,0);if(Vn&&pt!=null){let nn=N.ori==1?Qe:ot,En=Dt(zt.dist(n,ae,We,hr,nn));if(En<Si){let qn=zt.bias;if(qn!=0){let Ur=Yn(nn,et.scale),on=pt>=0?1:-1,Pn=Ur>=0?1:-1;Pn==on&&(Pn==1?qn==1?pt>=Ur:pt<=Ur:qn==1?pt<=Ur:pt>=Ur)&&(Si=En,Zi=ae)}else Si=En,Zi=ae}}if(ge||Wn){let nn,En;N.ori==0?(nn=Fr,En=hr):(nn=hr,En=Fr);let qn,Ur,on,Pn,Zn,pr,zr=!0,Oo=Ot.bbox;if(Oo!=null){zr=!1;let mr=Oo(n,ae);on=mr.left,Pn=mr.top,qn=mr.width,Ur=mr.height}else on=nn,Pn=En,qn=Ur=Ot.size(n,ae);if(pr=Ot.fill(n,ae),Zn=Ot.stroke(n,ae),Wn)ae==Zi&&Si<=zt.prox&&(re=on,oe=Pn,ye=qn,Fe=Ur,ke=zr,we=pr,he=Zn);else{let mr=dr[ae];mr!=null&&(wn[ae]=on,Wi[ae]=Pn,F0(mr,qn,Ur,zr),D0(mr,pr,Zn),Xn(mr,cn(on),cn(Pn),me,J))}}}}if(Wn){let ae=zt.prox,et=Ro==null?Si<=ae:Si>ae||Zi!=Ro;if(ge||et){let ht=dr[0];ht!=null&&(wn[0]=re,Wi[0]=oe,F0(ht,ye,Fe,ke),D0(ht,we,he),Xn(ht,cn(re),cn(oe),me,J))}}}if(Je.show&&Yi)if(m!=null){let[W,Z]=Lt.scales,[ee,re]=Lt.match,[oe,ye]=m.cursor.sync.scales,Fe=m.cursor.drag;if(Gt=Fe._x,$t=Fe._y,Gt||$t){let{left:ke,top:we,width:he,height:ae}=m.select,et=m.scales[oe].ori,ht=m.posToVal,Wt,We,pt,Fr,hr,nn=W!=null&&ee(W,oe),En=Z!=null&&re(Z,ye);nn&&Gt?(et==0?(Wt=ke,We=he):(Wt=we,We=ae),pt=v[W],Fr=O(ht(Wt,oe),pt,R,0),hr=O(ht(Wt+We,oe),pt,R,0),xc(Ln(Fr,hr),Dt(hr-Fr))):xc(0,R),En&&$t?(et==1?(Wt=ke,We=he):(Wt=we,We=ae),pt=v[Z],Fr=$(ht(Wt,ye),pt,z,0),hr=$(ht(Wt+We,ye),pt,z,0),vc(Ln(Fr,hr),Dt(hr-Fr))):vc(0,z)}else lm()}else{let W=Dt(c0-s0),Z=Dt(l0-a0);if(N.ori==1){let ye=W;W=Z,Z=ye}Gt=Qt.x&&W>=Qt.dist,$t=Qt.y&&Z>=Qt.dist;let ee=Qt.uni;ee!=null?Gt&&$t&&(Gt=W>=ee,$t=Z>=ee,!Gt&&!$t&&(Z>W?$t=!0:Gt=!0)):Qt.x&&Qt.y&&(Gt||$t)&&(Gt=$t=!0);let re,oe;Gt&&(N.ori==0?(re=$s,oe=Qe):(re=Vs,oe=ot),xc(Ln(re,oe),Dt(oe-re)),$t||vc(0,z)),$t&&(N.ori==1?(re=$s,oe=Qe):(re=Vs,oe=ot),vc(Ln(re,oe),Dt(oe-re)),Gt||xc(0,R)),!Gt&&!$t&&(xc(0,0),vc(0,0))}if(Qt._x=Gt,Qt._y=$t,m==null){if(E){if(w0!=null){let[W,Z]=Lt.scales;Lt.values[0]=W!=null?Yn(N.ori==0?Qe:ot,W):null,Lt.values[1]=Z!=null?Yn(N.ori==1?Qe:ot,Z):null}Ec(pm,n,Qe,ot,me,J,P)}if(Vn){let W=E&&Lt.setSeries,Z=zt.prox;Ro==null?Si<=Z&&Hn(Zi,js,!0,W):Si>Z?Hn(null,js,!0,W):Zi!=Ro&&Hn(Zi,js,!0,W)}}ge&&(ce.idx=P,sm()),_!==!1&&Vt("setCursor")}let Xi=null;Object.defineProperty(n,"rect",{get(){return Xi==null&&wc(!1),Xi}});function wc(m=!1){m?Xi=null:(Xi=p.getBoundingClientRect(),Vt("syncRect",Xi))}function d0(m,_,E,P,C,R,z){Q._lock||Yi&&m!=null&&m.movementX==0&&m.movementY==0||(am(m,_,E,P,C,R,z,!1,m!=null),m!=null?Io(null,!0,!0):Io(_,!0,!1))}function am(m,_,E,P,C,R,z,W,Z){if(Xi==null&&wc(!1),Ei(m),m!=null)E=m.clientX-Xi.left,P=m.clientY-Xi.top;else{if(E<0||P<0){Qe=-10,ot=-10;return}let[ee,re]=Lt.scales,oe=_.cursor.sync,[ye,Fe]=oe.values,[ke,we]=oe.scales,[he,ae]=Lt.match,et=_.axes[0].side%2==1,ht=N.ori==0?me:J,Wt=N.ori==1?me:J,We=et?R:C,pt=et?C:R,Fr=et?P:E,hr=et?E:P;if(ke!=null?E=he(ee,ke)?a(ye,v[ee],ht,0):-10:E=ht*(Fr/We),we!=null?P=ae(re,we)?a(Fe,v[re],Wt,0):-10:P=Wt*(hr/pt),N.ori==1){let nn=E;E=P,P=nn}}Z&&(_==null||_.cursor.event.type==pm)&&((E<=1||E>=me-1)&&(E=Bo(E,me)),(P<=1||P>=J-1)&&(P=Bo(P,J))),W?(s0=E,a0=P,[$s,Vs]=Q.move(n,E,P)):(Qe=E,ot=P)}let cm={width:0,height:0,left:0,top:0};function lm(){mu(cm,!1)}let h0,p0,m0,g0;function y0(m,_,E,P,C,R,z){Yi=!0,Gt=$t=Qt._x=Qt._y=!1,am(m,_,E,P,C,R,z,!0,!1),m!=null&&(it(mm,xm,_0,!1),Ec(C0,n,$s,Vs,me,J,null));let{left:W,top:Z,width:ee,height:re}=Je;h0=W,p0=Z,m0=ee,g0=re}function _0(m,_,E,P,C,R,z){Yi=Qt._x=Qt._y=!1,am(m,_,E,P,C,R,z,!1,!0);let{left:W,top:Z,width:ee,height:re}=Je,oe=ee>0||re>0,ye=h0!=W||p0!=Z||m0!=ee||g0!=re;if(oe&&ye&&mu(Je),Qt.setScale&&oe&&ye){let Fe=W,ke=ee,we=Z,he=re;if(N.ori==1&&(Fe=Z,ke=re,we=W,he=ee),Gt&&qi(L,Yn(Fe,L),Yn(Fe+ke,L)),$t)for(let ae in v){let et=v[ae];ae!=L&&et.from==null&&et.min!=Ze&&qi(ae,Yn(we+he,ae),Yn(we,ae))}lm()}else Q.lock&&(Q._lock=!Q._lock,Io(_,!0,m!=null));m!=null&&(fr(mm,xm),Ec(mm,n,Qe,ot,me,J,null))}function WM(m,_,E,P,C,R,z){if(Q._lock)return;Ei(m);let W=Yi;if(Yi){let Z=!0,ee=!0,re=10,oe,ye;N.ori==0?(oe=Gt,ye=$t):(oe=$t,ye=Gt),oe&&ye&&(Z=Qe<=re||Qe>=me-re,ee=ot<=re||ot>=J-re),oe&&Z&&(Qe=Qe<$s?0:me),ye&&ee&&(ot=ot<Vs?0:J),Io(null,!0,!0),Yi=!1}Qe=-10,ot=-10,Ae.fill(null),Io(null,!0,!0),W&&(Yi=W)}function b0(m,_,E,P,C,R,z){Q._lock||(Ei(m),_e(),lm(),m!=null&&Ec(I0,n,Qe,ot,me,J,null))}function x0(){b.forEach(ZI),Se(n.width,n.height,!0)}No(Eu,Xs,x0);let Hs={};Hs.mousedown=y0,Hs.mousemove=d0,Hs.mouseup=_0,Hs.dblclick=b0,Hs.setSeries=(m,_,E,P)=>{let C=Lt.match[2];E=C(n,_,E),E!=-1&&Hn(E,P,!0,!1)},Be&&(it(C0,p,y0),it(pm,p,d0),it(M0,p,m=>{Ei(m),wc(!1)}),it(R0,p,WM),it(I0,p,b0),Am.add(n),n.syncRect=wc);let gu=n.hooks=r.hooks||{};function Vt(m,_,E){rm?bc.push([m,_,E]):m in gu&&gu[m].forEach(P=>{P.call(null,n,_,E)})}(r.plugins||[]).forEach(m=>{for(let _ in m.hooks)gu[_]=(gu[_]||[]).concat(m.hooks[_])});let v0=(m,_,E)=>E,Lt=At({key:null,setSeries:!1,filters:{pub:V0,sub:V0},scales:[L,x[1]?x[1].scale:null],match:[W0,W0,v0],values:[null,null]},Q.sync);Lt.match.length==2&&Lt.match.push(v0),Q.sync=Lt;let w0=Lt.key,fm=zv(w0);function Ec(m,_,E,P,C,R,z){Lt.filters.pub(m,_,E,P,C,R,z)&&fm.pub(m,_,E,P,C,R,z)}fm.sub(n);function jM(m,_,E,P,C,R,z){Lt.filters.sub(m,_,E,P,C,R,z)&&Hs[m](null,_,E,P,C,R,z)}n.pub=jM;function HM(){fm.unsub(n),Am.delete(n),en.clear(),Em(Eu,Xs,x0),l.remove(),be?.remove(),Vt("destroy")}n.destroy=HM;function um(){Vt("init",r,e),ji(e||r.data,!1),H[L]?nm(L,H[L]):_e(),ve=Je.show&&(Je.width>0||Je.height>0),le=ge=!0,Se(r.width,r.height)}return x.forEach(gc),b.forEach(Jp),t?t instanceof HTMLElement?(t.appendChild(l),um()):t(n,um):um(),n}Pt.assign=At;Pt.fmtNum=km;Pt.rangeNum=Pu;Pt.rangeLog=Lu;Pt.rangeAsinh=Om;Pt.orient=Uo;Pt.pxRatio=Ue;Pt.join=zR;Pt.fmtDate=Nm,Pt.tzDate=KR;Pt.sync=zv;{Pt.addGap=OI,Pt.clipGaps=Mu;let r=Pt.paths={points:Hv};r.linear=qv,r.stepped=DI,r.bars=NI,r.spline=UI}function Ji(r,e={}){return{label:r,labelSize:18,labelGap:0,size:r==="cells"?56:40,stroke:()=>Et("--text"),grid:{stroke:()=>Et("--line")},ticks:{stroke:()=>Et("--line")},font:"12px system-ui",labelFont:"12px system-ui",...e}}function Qv(r,e,t){return r===null?[null,null]:e-r<t?[r-t/2,e+t/2]:Pt.rangeNum(r,e,.1,!0)}function Jv(r,e){let t=e.length>1?e[1]-e[0]:1,n=0;for(;n<9&&Math.abs(t*10**n-Math.round(t*10**n))>1e-6;)n++;return e.map(i=>i.toLocaleString("en",{minimumFractionDigits:n,maximumFractionDigits:n}))}function Ic(r,e,t){let n=()=>({width:Math.max(r.clientWidth,200),height:e.height}),i=new Pt({legend:{show:!1},cursor:{drag:{x:!1,y:!1}},...e,...n()},t,r);return new ResizeObserver(()=>i.setSize(n())).observe(r),S0(()=>i.redraw()),i}function Wm(r,e){return t=>{let n=r();if(n==null)return;let i=t.valToPos(n,"x",!0);t.ctx.save(),t.ctx.strokeStyle=Et(e),t.ctx.lineWidth=2*devicePixelRatio,t.ctx.beginPath(),t.ctx.moveTo(i,t.bbox.top),t.ctx.lineTo(i,t.bbox.top+t.bbox.height),t.ctx.stroke(),t.ctx.restore()}}function ew(r,e){let t=document.createElement("i");return t.className="cursor-line",t.style.background=`var(${e})`,r.over.append(t),n=>{t.style.transform=`translateX(${r.valToPos(n,"x")-1}px)`}}function Oc(r,e){let t=n=>{n.buttons&1&&e(r.posToVal(n.clientX-r.over.getBoundingClientRect().left,"x"))};r.over.addEventListener("pointerdown",n=>{r.over.setPointerCapture(n.pointerId),t(n)}),r.over.addEventListener("pointermove",t)}var XI=[1,2,5],Bu=(r,e)=>{let t=document.createElementNS("http://www.w3.org/2000/svg",r);for(let[n,i]of Object.entries(e))t.setAttribute(n,i);return t};function ku(r){let e=Math.max(...r.map(([a,c,l,f])=>Math.hypot(l-a,f-c)),1e-6),t=new Set(r.map(([a])=>a)),[n,i]=[...t].sort((a,c)=>a-c),o=i===void 0?e:i-n,s=1;for(let a=1;a<=1e3;a*=10)for(let c of XI)c*a*e<=o&&(s=c*a);return s}function tw(r,e,{points:t=[],vectors:n=[]}){let{y:i,x:o,factor:s}=r,a=e.width/Math.max(e.clientWidth,1),c=Bu("svg",{class:"over",viewBox:`0 0 ${e.width} ${e.height}`,preserveAspectRatio:"none","aria-hidden":"true"}),l=(d,h)=>[(d+.5-i)/s,(h+.5-o)/s],f=([d,h])=>d>=0&&h>=0&&d<=e.height&&h<=e.width;for(let[d,h]of t){let p=l(d,h);f(p)&&c.append(Bu("circle",{class:"spot",cy:p[0],cx:p[1],r:4.5*a}))}let u=n.length?ku(n):1;for(let[d,h,p,g]of n){let[[y,w],[x,b]]=[l(d,h),l(d+u*(p-d),h+u*(g-h))];c.append(Bu("circle",{class:"root",cy:y,cx:w,r:1.6*a}),Bu("line",{class:"arrow",y1:y,x1:w,y2:x,x2:b}))}return c}var Du=class{constructor([e,t],n){Object.assign(this,{all:{y:0,x:0,height:e,width:t},usual:n}),this.whole()}whole(){Object.assign(this,this.all)}get isWhole(){return this.height===this.all.height&&this.width===this.all.width}get region(){let e=1;if(this.isWhole)e=this.usual;else for(;Math.max(this.height,this.width)/e>1024;)e*=2;let[t,n]=[this.y,this.x].map(o=>Math.floor(o/e)*e),i=(o,s,a)=>Math.max(1,Math.min(Math.ceil((s-o)/e),Math.floor((a-o)/e)));return{y:t,x:n,factor:e,rows:i(t,this.y+this.height,this.all.height),columns:i(n,this.x+this.width,this.all.width)}}zoom(e,t={y:this.y+this.height/2,x:this.x+this.width/2}){let n=Math.min(this.all.height,this.all.width),i=Math.min(16,n)/n,o=Math.min(1,Math.max(i,this.height/this.all.height/e)),[s,a]=[o*this.all.height,o*this.all.width];this.move(t.y-(t.y-this.y)*s/this.height,t.x-(t.x-this.x)*a/this.width,s,a)}pan(e,t){this.move(this.y+e,this.x+t,this.height,this.width)}move(e,t,n,i){Object.assign(this,{height:n,width:i,y:Math.min(Math.max(e,0),this.all.height-n),x:Math.min(Math.max(t,0),this.all.width-i)})}toText(){return this.isWhole?void 0:[this.y,this.x,this.height].map(e=>Number(e.toFixed(2))).join(",")}fromText(e){let[t,n,i]=(e??"").split(",").map(Number);![t,n,i].every(Number.isFinite)||i<1||i>this.all.height||this.move(t,n,i,i*this.all.width/this.all.height)}};var Nu={side:"Side by side",overlay:"Overlay",flicker:"Flicker",difference:"Difference",divider:"Divider"},KI=48,QI=350,JI=66,eO=2e3,tO=4278900479,rw=.02;function rO(r,e){let t=100*Math.exp(r.log_likelihood),n=t>=1?`${t.toFixed(0)} % as likely`:`10^${Math.round(r.log_likelihood/Math.LN10)} as likely`;return`${r.parameters.map(i=>Gr(i,2)).join(", ")} px, correlation ${Gr(r.score,2)}, ${e?n:"the likeliest"}`}function ia(r,e){return/^-?\d+$/.test(r??"")&&e>0?Math.min(e-1,Math.max(0,Number(r))):void 0}async function nw(r,e){let{n_frames:t,views:n}=e,i=n.includes("corrected"),o=e.has_result,s=e.shape.length===3?e.shape[0]:0,a=Ys(),c=A=>e.names[A]??A,l=null,f=[],u={frame:ia(a.frame,t)??0,channel:ia(a.channel,e.n_channels)??0,z:ia(a.z,s)??Math.floor(s/2),mode:i?Object.hasOwn(Nu,a.mode)?a.mode:"side":"single",divider:.5,odd:!1,playing:!1,shown:-1},[d,h]=e.limits[u.channel],p=new Du(e.shape.slice(-2),e.factor);p.fromText(a.at);let g=new Map,y=q("div",{class:"screen",id:"screen"}),w=q("input",{type:"range",class:"scrub",id:"frame",min:0,max:t-1,step:1,"aria-label":"Frame",oninput:()=>zt(Number(w.value))}),x=q("p",{role:"status",id:"told",class:"place"}),b=q("p",{role:"alert",class:"wrong",hidden:!0}),v=q("span",{class:"bar",role:"group","aria-label":"How both are shown"},...Object.entries(Nu).map(([A,U])=>q("button",{type:"button","data-mode":A,onclick:()=>dr(A)},U))),T=(A,U,V)=>q("input",{type:"number",id:A,step:"any",value:Number(U.toPrecision(4)),onchange:j=>{Number.isFinite(j.target.valueAsNumber)&&(V(j.target.valueAsNumber),Pe())}}),L=T("low",d,A=>{d=A}),D=T("high",h,A=>{h=A}),B=e.n_channels>1&&q("select",{id:"channel",onchange:()=>mc(Number(B.value))},...Array.from({length:e.n_channels},(A,U)=>q("option",{value:U,selected:U===u.channel},e.channel_names[U]??`channel ${U}`))),F=s>0&&q("input",{type:"range",id:"z",min:0,max:s-1,value:u.z,oninput:()=>{u.z=Number(F.value),Pe()}}),M=F&&yr("Plane z",F),N=q("output",{for:"z",class:"place"});M&&M.append(N);let G=st("Play","Key space",()=>lu(!u.playing)),O=q("div",{class:"chart"}),$=st("Next flagged","Key f; shift and f for the previous one",()=>Vn(1));$.disabled=!0;let H=o&&i&&st("Refuse this frame","Key r",()=>Y()),te=q("select",{id:"place",title:"Other places where this frame may lie",onchange:()=>Y({candidate:te.value===""?null:Number(te.value)})}),X=yr("Place",te);X.hidden=!0;let Ne=o&&i&&st("Save result","drift.json with what was judged by hand, for holdstill apply",ve);Ne&&(Ne.disabled=!0);let Ee=q("input",{type:"range",id:"divider",min:0,max:100,step:1,value:50,oninput:()=>wn(Number(Ee.value)/100)}),xe=yr("Divider",Ee),Ae=[["points","Points",e.drawn.points],["labels","Labels",e.drawn.labels],["vectors","Motion",o]].filter(([,,A])=>A).map(([A,U])=>[A,U,q("input",{type:"checkbox",id:`show-${A}`,checked:A!=="vectors",onchange:()=>Ir()})]),ce=A=>Ae.some(([U,,V])=>U===A&&V.checked),Q=A=>{A(),Ir()},nt=[st("+","Larger: key +, or the wheel",()=>Q(()=>p.zoom(2))),st("\u2212","Smaller: key -",()=>Q(()=>p.zoom(.5))),st("Whole","The whole frame: key 0",()=>Q(()=>p.whole()))],Be=[],Ce=o,be=!1,at=null,Ye={key:"",rings:[]},Me=st("Draw a mask","Draw round what counts; then save it for --mask",()=>bt(!be));Me.setAttribute("aria-pressed","false");let Rt=st("Save mask","mask.tif, for --mask",async()=>{await xt(async()=>Pc(await sn("mask",{},{polygons:Be}),"mask.tif"))}),lr=st("Clear mask","Forget what was drawn",()=>{Be.length=0,bt(be),Ir()}),_t=q("span",{class:"small",hidden:!0},"The mask lies where corrected frames lie: give it with --reference first, or the number of a frame. A learned template lies in the middle of the motion."),Lr=st("Add what is seen","The part that is seen becomes part of the mask: key b",()=>Tt(i?"corrected":"raw",Xt()));r.append(q("header",{},q("h1",{},e.name),x),b,q("p",{class:"tools"},i?v:null,i?xe:null,G,o?$:null,B?yr("Channel",B):null,M||null,yr("Black",L),yr("White",D),st("Auto","Black and white as the movie asks for",()=>gc(...e.limits[u.channel]))),q("p",{class:"tools"},H||null,H?X:null,Ne||null,Me,Lr,Rt,lr,q("span",{class:"bar",role:"group","aria-label":"Size"},...nt),...Ae.map(([,A,U])=>yr(A,U)),q("span",{id:"advice",class:"small"}),_t),y,q("p",{class:"small",id:"part"}),w,O,q("p",{class:"small"},`${t.toLocaleString("en")} ${t===1?"frame":"frames"} of ${e.shape.join(" x ")} px, ${e.dtype}. Keys: ${[t>1&&"arrows frame by frame, space play",o&&"f next flagged frame, F the previous one",H&&"r refuses or accepts a frame",i&&"m another way to show both, comma and period move the divider","b adds what is seen to the mask"].filter(Boolean).join(", ")}, + and - larger and smaller, 0 whole, w a s d another part; the wheel and a drag do the same. `+(i?` Overlay: ${c("raw")} magenta, ${c("corrected")} green, grey where both agree.`:"")+me()));let Ar=null,Cr=()=>{},Ut=e.shape.length===3?["z","y","x"]:["y","x"],$n=()=>[Float64Array.from({length:t},(A,U)=>U),...Ut.map((A,U)=>l.shifts.filter((V,j)=>j%Ut.length===U))];o&&(O.style.minHeight="190px");function en(){let A=["--lost","--accent","--kept"].slice(-Ut.length),U=j=>{j.ctx.save(),j.ctx.fillStyle=Et("--lost");for(let ne of f){let ie=j.valToPos(ne,"x",!0);j.ctx.fillRect(ie-devicePixelRatio,j.bbox.top+j.bbox.height-8*devicePixelRatio,2*devicePixelRatio,8*devicePixelRatio)}j.ctx.restore()};Ar=Ic(O,{height:190,scales:{x:{time:!1,range:[-.5,t-.5]},y:{range:(j,ne,ie)=>Qv(ne,ie,.01)}},axes:[Ji("frame",{incrs:[1,2,5,10,20,50,100,200,500,1e3,2e3,5e3,1e4,5e4]}),Ji("shift, px",{size:56,values:Jv})],series:[{},...Ut.map((j,ne)=>({label:j,stroke:()=>Et(A[ne]),width:1.5,dash:ne?[]:[7,3],points:{show:t<60,size:5}}))],hooks:{draw:[U,()=>Cr()]}},$n());let V=ew(Ar,"--text");Cr=()=>V(u.frame),Cr(),Oc(Ar,j=>zt(Math.min(t-1,Math.max(0,Math.round(j))))),O.after(q("p",{class:"key"},...Ut.flatMap((j,ne)=>[q("i",{style:`background: var(${A[ne]})`}),j])))}function it(A,U){let V={view:A,t:U,channel:u.channel,low:d,high:h,...s?{z:u.z}:{},...p.region},j=Object.values(V).join(" ");if(!g.has(j)){let ne=sn("frame",V).then(async ie=>({rows:Number(ie.headers.get("X-Rows")),columns:Number(ie.headers.get("X-Columns")),pixels:new Uint8Array(await ie.arrayBuffer())}));for(g.set(j,ne),ne.catch(()=>g.delete(j));g.size>KI;)g.delete(g.keys().next().value)}return g.get(j)}async function fr(A,U){let V=p.region,j={region:V},ne={t:U,...s?{z:u.z}:{},...V},ie=[];return(ce("points")||ce("vectors"))&&ie.push(gr("drawn",ce("vectors")?{...ne,vectors:1}:ne).then(Re=>{ce("points")&&(j.points=Re),ce("vectors")&&(j.vectors=Re.vectors)})),Be.length&&(j.rings={raw:Be,corrected:Be},Ce&&A.includes("raw")&&ie.push(Mr(U).then(Re=>{j.rings.raw=Re}))),ce("labels")&&(j.outlines={},ie.push(...A.map(async Re=>{j.outlines[Re]=new Uint8Array(await(await sn("outlines",{...ne,view:Re})).arrayBuffer())}))),await Promise.all(ie),j}async function ur(A,U,V){return(await gr("place",{t:U,...s?{z:u.z}:{}},{polygons:A,on_frame:V})).polygons}async function Mr(A){let U=`${A} ${u.z} ${JSON.stringify(Be)}`;return Ye.key!==U&&(Ye={key:U,rings:await ur(Be,A,!0)}),Ye.rings}function me(){let{box:A,n_frames:U}=e.written??{};if(!A)return"";let V=["planes","rows","columns"].slice(-A.length);return` The corrected file holds ${A.map(([ne,ie],Re)=>`${V[Re]} ${ne} to ${ie-1}`).join(", ")} of ${U===t?"each frame":`${U.toLocaleString("en")} frames`}; elsewhere it is black here.`}function J({region:A,points:U,vectors:V},{rows:j,columns:ne}){let[ie,Re]=[j*A.factor,ne*A.factor],$e=p.isWhole?"":`Rows ${A.y} to ${A.y+ie-1}, columns ${A.x} to ${A.x+Re-1}. `;A.factor>1&&($e+=`Each pixel is the mean of ${A.factor} x ${A.factor}. `),V&&($e+=`Arrows point from where a place of the reference lies to where the frame shows it${ku(V)>1?`, ${ku(V)} times as long`:""}. `),U?.left_out&&($e+=`${U.left_out} points are not drawn. `),r.querySelector("#part").textContent=$e}function Pe(){g.clear(),Ir()}let qe={overlay:(A,U)=>[A,U,A],difference:(A,U)=>{let V=U-A;return[128+V/2,128+V/2,128+V/2]}};function Zt(A,U,{rows:V,columns:j},ne,ie,Re=0){A.width=j,A.height=V;let $e=A.closest("figure").clientWidth,er=Math.min($e/j,.6*innerHeight/V),ji=er>1?Math.floor(er):er;A.style.width=`${Math.floor(j*ji)}px`;let _e=A.getContext("2d"),vt=_e.createImageData(j,V),wt=new Uint32Array(vt.data.buffer),Nr=ie.outlines?.[U],Hi=ie.outlines?.raw,{region:jn}=ie;for(let Kt=0;Kt<wt.length;Kt++)wt[Kt]=(Re&&Kt%j<Re?Hi:Nr)?.[Kt]?tO:ne(Kt);_e.putImageData(vt,0,0),_e.lineWidth=Math.max(1,j/300),_e.strokeStyle="#ffd60a";let Co=Kt=>(Kt+.5-jn.x)/jn.factor,Ds=Re?[["raw",0,Re],[U,Re,j]]:[[U,0,j]];for(let[Kt,Bt,Ns]of Ds){_e.save(),_e.beginPath(),_e.rect(Bt,0,Ns-Bt,V),_e.clip();for(let Mo of[...ie.rings?.[Kt]??[],...at?.view===Kt?[at.ring]:[]]){_e.beginPath();for(let[_c,uu]of Mo)_e.lineTo(Co(uu),(_c+.5-jn.y)/jn.factor);_e.closePath(),_e.stroke()}_e.restore()}A.parentElement.querySelector("svg")?.remove();let yc=Ds.flatMap(([Kt,Bt,Ns])=>(ie.points?.[Kt]??[]).filter(([,Mo])=>!Re||Co(Mo)>=Bt&&Co(Mo)<Ns));(ie.points||ie.vectors)&&A.after(tw(jn,A,{points:yc,vectors:ie.vectors})),A.region=jn,be&&rn(A,U,Re)}function tn(A,U){let V=A.getBoundingClientRect(),{y:j,x:ne,factor:ie}=A.region;return[j+(U.clientY-V.top)/V.height*A.height*ie-.5,ne+(U.clientX-V.left)/V.width*A.width*ie-.5]}y.addEventListener("wheel",A=>{if(!A.target.region)return;A.preventDefault();let U=A.target.getBoundingClientRect(),V={y:p.y+(A.clientY-U.top)/U.height*p.height,x:p.x+(A.clientX-U.left)/U.width*p.width};Q(()=>p.zoom(A.deltaY<0?1.25:.8,V))},{passive:!1});let ct=null;y.addEventListener("pointerdown",A=>{let U=A.target;!U.region||be||u.mode==="divider"||p.isWhole||(U.setPointerCapture(A.pointerId),ct={at:[A.clientY,A.clientX],from:[p.y,p.x],scale:U.height*U.region.factor/U.clientHeight})}),y.addEventListener("pointermove",A=>{if(!ct||!(A.buttons&1))return;let[U,V]=[A.clientY-ct.at[0],A.clientX-ct.at[1]];Q(()=>p.move(ct.from[0]-U*ct.scale,ct.from[1]-V*ct.scale,p.height,p.width))}),y.addEventListener("pointerup",()=>{ct=null});function rn(A,U,V){A.onpointerdown=j=>{A.setPointerCapture(j.pointerId);let ne=A.getBoundingClientRect();at={view:(j.clientX-ne.left)/ne.width*A.width<V?"raw":U,t:u.frame,ring:[tn(A,j)]}},A.onpointermove=j=>{j.buttons&1&&at&&(at.ring.push(tn(A,j)),Ir())},A.onpointerup=async()=>{let j=at;at=null,j?.ring.length>2?await Tt(j.view,j.ring,j.t):Ir()}}async function Tt(A,U,V=u.frame){await xt(async()=>{Be.push(...Ce&&A==="raw"?await ur([U],V,!1):[U])}),bt(be)}function Xt(){let{y:A,x:U,factor:V,rows:j,columns:ne}=p.region,[ie,Re,$e,er]=[A,U,A+j*V,U+ne*V].map(ji=>ji-.5);return[[ie,Re],[ie,er],[$e,er],[$e,Re]]}function bt(A){if(be=A,Me.setAttribute("aria-pressed",A),Rt.disabled=lr.disabled=!Be.length,_t.hidden=!Be.length||!Ce,y.classList.toggle("drawing",A),!A)for(let U of y.querySelectorAll("canvas"))U.onpointerdown=U.onpointermove=U.onpointerup=null;Ir()}async function xt(A){try{b.hidden=!0,await A()}catch(U){b.textContent=U.message,b.hidden=!1}}async function Lo(){let A=!0;for(;A;)if(await new Promise(U=>setTimeout(U,eO)),!document.hidden)try{(await gr("times")).judged!==l.judged&&I(await gr("drift"))}catch{A=!1}}function I(A){le(A),Ar?.setData($n()),Pe()}async function Y(A={accept:l?.verdicts[u.frame]!=="ok"}){!l||A.accept&&l.unfounded.has(u.frame)||await xt(async()=>{I(await gr("judge",{},{frame:u.frame,...A}))})}function le(A){l={...A,unfounded:new Set(A.without_estimate)};for(let U of["shifts","errors","scores"])l[U]=P0(A[U]);f=l.verdicts.flatMap((U,V)=>U==="ok"?[]:[V]),$.textContent=`Next flagged (${f.length})`,$.disabled=!f.length,Ne&&(Ne.disabled=!l.is_changed)}async function ve(){await xt(async()=>Pc(await sn("result"),"judged.drift.json"))}let ge=A=>4278190080|A*65793,Se=([A,U,V])=>(4278190080|V<<16|U<<8|A)>>>0;function ze(A){return y.dataset.names===A.join()||(y.dataset.names=A.join(),y.replaceChildren(...A.map(U=>q("figure",{},q("div",{class:"layers"},q("canvas",{"aria-label":U,role:"img"})),q("p",{class:"missing",hidden:!0}),q("figcaption",{},U))))),y.querySelectorAll("canvas")}function It(A,U,V,j){let ne=A.closest("figure"),ie=ne.querySelector(".missing");ie.hidden=!V.error,A.parentElement.hidden=!!V.error,V.error?ie.textContent=V.error.message:Zt(A,U,V,Re=>ge(V.pixels[Re]),j)}function Rr(A){b.textContent=A?.message??"",b.hidden=!A}async function Ao(A){let[U,V]=ze(["raw","corrected"].map(c)),j={region:p.region};Zt(U,"raw",A,ne=>ge(A.pixels[ne]),j),Zt(V,"corrected",A,()=>0,j),r.dataset.painted="yes",await new Promise(ne=>{requestAnimationFrame(()=>setTimeout(ne)),setTimeout(ne,100)})}let ks=0;async function Ir(){let A=++ks,U=u.frame,V=u.mode;Ot();let j=V==="single"?["raw"]:["raw","corrected"];if(u.shown<0){let _e=await it("raw",U).catch(()=>null);if(_e&&V==="side"&&A===ks&&await Ao(_e),A!==ks)return}let[ne,...ie]=await Promise.all([fr(j,U).catch(_e=>({region:p.region,error:_e})),...j.map(_e=>it(_e,U).catch(vt=>({error:vt})))]);if(A!==ks)return;let Re=ie.filter(_e=>!_e.error);if(Rr(ne.error??ie.find(_e=>_e.error)?.error),!Re.length||Re.length<ie.length&&V!=="side"){y.replaceChildren(),delete y.dataset.names;return}J(ne,Re[0]);let[$e,er]=ie;if(V==="single"||V==="side"){let _e=ze(V==="single"?["movie"]:j.map(c));ie.forEach((vt,wt)=>It(_e[wt],j[wt],vt,ne))}else if(V==="flicker"){let _e=u.odd?er:$e;Zt(ze([`${c("raw")} and ${c("corrected")} in turn`])[0],u.odd?"corrected":"raw",_e,vt=>ge(_e.pixels[vt]),ne)}else if(V==="divider"){let[_e]=ze([`${c("raw")} on the left, ${c("corrected")} on the right`]);_e.classList.add("divided"),_e.onpointerdown=_e.onpointermove=wt=>{if(!(wt.buttons&1))return;let Nr=_e.getBoundingClientRect();wn((wt.clientX-Nr.left)/Nr.width)};let vt=Math.round(u.divider*$e.columns);_e.dataset.at=vt,Zt(_e,"corrected",$e,wt=>{let Nr=wt%$e.columns;return Nr===vt?4278900479:ge((Nr<vt?$e:er).pixels[wt])},ne,vt)}else{let _e=qe[V],[vt,wt]=["raw","corrected"].map(c),Nr=V==="overlay"?`${vt} magenta, ${wt} green`:`${wt} minus ${vt}: grey where equal`;Zt(ze([Nr])[0],"corrected",$e,Hi=>Se(_e($e.pixels[Hi],er.pixels[Hi])),ne)}r.dataset.painted="yes",y.dataset.mode=V,y.dataset.frame=U;let ji=U===u.shown+1;u.shown=U;for(let _e of j)ji&&U+1<t&&it(_e,U+1).catch(()=>{})}function Ei(A){let U=l?.candidates[A];if(X.hidden=!U,!U)return;let V=U.places.map((j,ne)=>q("option",{value:ne},rO(j,ne)));te.replaceChildren(q("option",{value:""},"as it was"),...V),te.value=U.taken??""}function Ot(){let A=u.frame,U=t===1?"One frame":`Frame ${A} of 0 to ${t-1}`;if(e.frame_interval_s&&(U+=`, ${Gr(A*e.frame_interval_s,2)} s`),l){let[j,ne]=[l.shifts,l.errors].map(ie=>[...ie.subarray(A*Ut.length,(A+1)*Ut.length)]);U+=`. Shift ${j.map(ie=>Gr(ie,3)).join(", ")} px`,ne.every(Number.isFinite)&&(U+=` \xB1 ${ne.map(ie=>Gr(ie,3)).join(", ")}`),U+=`, correlation ${Gr(l.scores[A],3)}: `}let V=l?.verdicts[A];x.replaceChildren(U,V?q("span",{class:V==="ok"?"":"flagged"},V.replaceAll("_"," ")):""),H&&(H.textContent=V==="ok"?"Refuse this frame":"Accept this frame",H.disabled=!l||V!=="ok"&&l.unfounded.has(A),Ei(A)),r.querySelector("#advice").textContent=V==="ok"?"":l?.advice[V]??"",s&&(N.textContent=`${u.z} of 0 to ${s-1}`),w.value=A,w.setAttribute("aria-valuetext",U),Cr(),yu({frame:A,mode:i?u.mode:void 0,channel:u.channel||void 0,z:s?u.z:void 0,at:p.toText()})}function zt(A){return u.frame=A,Ir()}function Vn(A){if(!f.length)return;let U=A>0?f.find(V=>V>u.frame):f.findLast(V=>V<u.frame);zt(U??(A>0?f[0]:f.at(-1)))}function Wn(){for(let A of v.children)A.setAttribute("aria-pressed",A.dataset.mode===u.mode);xe.hidden=u.mode!=="divider"}function dr(A){u.mode=A,Wn(),Ir()}function wn(A){u.divider=Math.min(1,Math.max(0,A)),Ee.value=Math.round(100*u.divider),Ir()}function Wi(A){u.frame=ia(A.frame,t)??u.frame,i&&Object.hasOwn(Nu,A.mode)&&(u.mode=A.mode);let U=ia(A.z,s),V=ia(A.channel,e.n_channels)??0;U!==void 0&&(F.value=u.z=U),A.at?p.fromText(A.at):p.whole(),Wn(),V!==u.channel?(B.value=V,mc(V)):Pe()}function mc(A){u.channel=A,gc(...e.limits[A])}function gc(A,U){[d,h]=[A,U],L.value=Number(A.toPrecision(4)),D.value=Number(U.toPrecision(4)),Pe()}async function lu(A){for(u.playing=A,G.textContent=A?"Stop":"Play";u.playing;){let U=performance.now();await zt((u.frame+1)%t),await new Promise(V=>setTimeout(V,Math.max(0,JI-(performance.now()-U))))}}setInterval(()=>{u.mode==="flicker"&&!be&&(u.odd=!u.odd,Ir())},QI);let fu=A=>zt(Math.min(t-1,Math.max(0,u.frame+A)));_u({ArrowRight:()=>fu(1),ArrowLeft:()=>fu(-1),Home:()=>zt(0),End:()=>zt(t-1),f:()=>Vn(1),F:()=>Vn(-1),r:()=>{H&&Y()},b:()=>Lr.click(),",":()=>{u.mode==="divider"&&wn(u.divider-rw)},".":()=>{u.mode==="divider"&&wn(u.divider+rw)}," ":()=>lu(!u.playing),"+":()=>Q(()=>p.zoom(2)),"=":()=>Q(()=>p.zoom(2)),"-":()=>Q(()=>p.zoom(.5)),0:()=>Q(()=>p.whole()),w:()=>Q(()=>p.pan(-p.height/4,0)),s:()=>Q(()=>p.pan(p.height/4,0)),a:()=>Q(()=>p.pan(0,-p.width/4)),d:()=>Q(()=>p.pan(0,p.width/4)),m:()=>{if(i){let A=Object.keys(Nu);dr(A[(A.indexOf(u.mode)+1)%A.length])}}}),addEventListener("hashchange",()=>Wi(Ys())),i&&Wn(),G.disabled=w.disabled=t===1,bt(!1);let Pi=it("raw",u.frame).catch(()=>null),Jp=o?Pi.then(()=>xt(async()=>{le(await gr("drift")),en(),Ot(),H&&Lo()})):null;await Promise.all([Ir(),Jp])}var nO=6,iO=7;function iw(r,e){let[t,n,i,o,s]=["0.05","0.95","0.25","0.75","0.5"].map(l=>r.quantiles[l]),a=s.map((l,f)=>f+1),c=l=>s[l-1]!==null&&s[l-1]!==void 0;return{cycles:a,bands:[t,n,i,o,s],alone:a.filter(l=>c(l)&&!c(l-1)&&!c(l+1)),missing:a.filter(l=>!c(l)||e(l))}}function ow({bands:[r,e,t,n,i],alone:o}){return({ctx:s,valToPos:a})=>{let c=nO*devicePixelRatio,l=f=>a(f,"y",!0);s.save();for(let f of o){let u=f-1,d=a(f,"x",!0);for(let[h,p,g]of[["--band-wide",r,e],["--band",t,n]])s.fillStyle=Et(h),s.fillRect(d-c,l(g[u]),2*c,Math.max(l(p[u])-l(g[u]),devicePixelRatio));s.strokeStyle=Et("--population"),s.lineWidth=2*devicePixelRatio,s.beginPath(),s.moveTo(d-c,l(i[u])),s.lineTo(d+c,l(i[u])),s.stroke()}s.restore()}}function sw({missing:r}){return({ctx:e,bbox:t,valToPos:n})=>{e.save();for(let i of r){let[o,s]=[i-.4,i+.4].map(a=>Math.min(Math.max(n(a,"x",!0),t.left),t.left+t.width));e.save(),e.beginPath(),e.rect(o,t.top,s-o,t.height),e.clip(),e.strokeStyle=Et("--line"),e.lineWidth=devicePixelRatio,e.beginPath();for(let a=o-t.height;a<s;a+=iO*devicePixelRatio)e.moveTo(a,t.top+t.height),e.lineTo(a+t.height,t.top);e.stroke(),e.translate((o+s)/2,t.top+t.height/2),e.rotate(-Math.PI/2),e.fillStyle=Et("--text"),e.font=`${12*devicePixelRatio}px system-ui`,e.textAlign="center",e.textBaseline="middle",e.fillText("missing",0,0),e.restore()}e.restore()}}function eo(r,e){if(!r)throw new Error(e||"loader assertion failed.")}var Kn={self:typeof self<"u"&&self,window:typeof window<"u"&&window,global:typeof global<"u"&&global,document:typeof document<"u"&&document},oO=Kn.self||Kn.window||Kn.global||{},sO=Kn.window||Kn.self||Kn.global||{},aO=Kn.global||Kn.self||Kn.window||{},cO=Kn.document||{};var zo=!!(typeof process!="object"||String(process)!=="[object process]"||process.browser);var aw=typeof process<"u"&&process.version&&/v([0-9]*)/.exec(process.version),lO=aw&&parseFloat(aw[1])||0;kc();var tg="4.5.4",yO=tg[0]>="0"&&tg[0]<="9"?`v${tg}`:"";function _O(){let r=new br({id:"loaders.gl"});return globalThis.loaders||={},globalThis.loaders.log=r,globalThis.loaders.version=yO,globalThis.probe||={},globalThis.probe.loaders=r,r}var rg=_O();var bO=r=>typeof r=="boolean",Jn=r=>typeof r=="function",ei=r=>r!==null&&typeof r=="object",Wu=r=>ei(r)&&r.constructor==={}.constructor;var ng=r=>typeof SharedArrayBuffer<"u"&&r instanceof SharedArrayBuffer,aa=r=>ei(r)&&typeof r.byteLength=="number"&&typeof r.slice=="function";var ig=r=>!!r&&Jn(r[Symbol.iterator]),og=r=>!!r&&Jn(r[Symbol.asyncIterator]);var Hr=r=>typeof Response<"u"&&r instanceof Response||ei(r)&&Jn(r.arrayBuffer)&&Jn(r.text)&&Jn(r.json);var Yr=r=>typeof Blob<"u"&&r instanceof Blob;var Ew=r=>typeof ReadableStream<"u"&&r instanceof ReadableStream||ei(r)&&Jn(r.tee)&&Jn(r.cancel)&&Jn(r.getReader);var Pw=r=>ei(r)&&Jn(r.read)&&Jn(r.pipe)&&bO(r.readable),Dc=r=>Ew(r)||Pw(r);function sg(r,e){return Sw(r||{},e)}function Sw(r,e,t=0){if(t>3)return e;let n={...r};for(let[i,o]of Object.entries(e))o&&typeof o=="object"&&!Array.isArray(o)?n[i]=Sw(n[i]||{},e[i],t+1):n[i]=e[i];return n}var Tw="latest";function xO(){return globalThis._loadersgl_?.version||(globalThis._loadersgl_=globalThis._loadersgl_||{},globalThis._loadersgl_.version="4.5.4"),globalThis._loadersgl_.version}var Lw=xO();function xr(r,e){if(!r)throw new Error(e||"loaders.gl assertion failed.")}var ti={self:typeof self<"u"&&self,window:typeof window<"u"&&window,global:typeof global<"u"&&global,document:typeof document<"u"&&document},x8=ti.self||ti.window||ti.global||{},v8=ti.window||ti.self||ti.global||{},w8=ti.global||ti.self||ti.window||{},E8=ti.document||{};var ln=typeof process!="object"||String(process)!=="[object process]"||process.browser;var Cw=typeof window<"u"&&typeof window.orientation<"u",Aw=typeof process<"u"&&process.version&&/v([0-9]*)/.exec(process.version),P8=Aw&&parseFloat(Aw[1])||0;var Nc=class{name;workerThread;isRunning=!0;result;_resolve=()=>{};_reject=()=>{};constructor(e,t){this.name=e,this.workerThread=t,this.result=new Promise((n,i)=>{this._resolve=n,this._reject=i})}postMessage(e,t){this.workerThread.postMessage({source:"loaders.gl",type:e,payload:t})}done(e){xr(this.isRunning),this.isRunning=!1,this._resolve(e)}error(e){xr(this.isRunning),this.isRunning=!1,this._reject(e)}};var ca=class{terminate(){}};var ag=new Map;function Mw(r){xr(r.source&&!r.url||!r.source&&r.url);let e=ag.get(r.source||r.url);return e||(r.url&&(e=vO(r.url),ag.set(r.url,e)),r.source&&(e=Rw(r.source),ag.set(r.source,e))),xr(e),e}function vO(r){if(!r.startsWith("http"))return r;let e=wO(r);return Rw(e)}function Rw(r){let e=new Blob([r],{type:"application/javascript"});return URL.createObjectURL(e)}function wO(r){return`try {
  importScripts('${r}');
} catch (error) {
  console.error(error);
  throw error;
}`}function cg(r,e=!0,t){let n=t||new Set;if(r){if(Iw(r))n.add(r);else if(Iw(r.buffer))n.add(r.buffer);else if(!ArrayBuffer.isView(r)){if(e&&typeof r=="object")for(let i in r)cg(r[i],e,n)}}return t===void 0?Array.from(n):[]}function Iw(r){return r?r instanceof ArrayBuffer||typeof MessagePort<"u"&&r instanceof MessagePort||typeof ImageBitmap<"u"&&r instanceof ImageBitmap||typeof OffscreenCanvas<"u"&&r instanceof OffscreenCanvas:!1}var lg=()=>{},to=class{name;source;url;terminated=!1;worker;onMessage;onError;_loadableURL="";static isSupported(){return typeof Worker<"u"&&ln||typeof ca<"u"&&!ln}constructor(e){let{name:t,source:n,url:i}=e;xr(n||i),this.name=t,this.source=n,this.url=i,this.onMessage=lg,this.onError=o=>console.log(o),this.worker=ln?this._createBrowserWorker():this._createNodeWorker()}destroy(){this.onMessage=lg,this.onError=lg,this.worker.terminate(),this.terminated=!0}get isRunning(){return!!this.onMessage}postMessage(e,t){t=t||cg(e),this.worker.postMessage(e,t)}_getErrorFromErrorEvent(e){let t="Failed to load ";return t+=`worker ${this.name} from ${this.url}. `,e.message&&(t+=`${e.message} in `),e.lineno&&(t+=`:${e.lineno}:${e.colno}`),new Error(t)}_createBrowserWorker(){this._loadableURL=Mw({source:this.source,url:this.url});let e=new Worker(this._loadableURL,{name:this.name});return e.onmessage=t=>{t.data?this.onMessage(t.data):this.onError(new Error("No data received"))},e.onerror=t=>{this.onError(this._getErrorFromErrorEvent(t)),this.terminated=!0},e.onmessageerror=t=>console.error(t),e}_createNodeWorker(){let e;if(this.url){let n=this.url.includes(":/")||this.url.startsWith("/")?this.url:`./${this.url}`,i=this.url.endsWith(".ts")||this.url.endsWith(".mjs")?"module":"commonjs";e=new ca(n,{eval:!1,type:i})}else if(this.source)e=new ca(this.source,{eval:!0});else throw new Error("no worker");return e.on("message",t=>{this.onMessage(t)}),e.on("error",t=>{this.onError(t)}),e.on("exit",t=>{}),e}};var Fc=class{name="unnamed";source;url;maxConcurrency=1;maxMobileConcurrency=1;onDebug=()=>{};reuseWorkers=!0;props={};jobQueue=[];idleQueue=[];count=0;isDestroyed=!1;static isSupported(){return to.isSupported()}constructor(e){this.source=e.source,this.url=e.url,this.setProps(e)}destroy(){this.idleQueue.forEach(e=>e.destroy()),this.isDestroyed=!0}setProps(e){this.props={...this.props,...e},e.name!==void 0&&(this.name=e.name),e.maxConcurrency!==void 0&&(this.maxConcurrency=e.maxConcurrency),e.maxMobileConcurrency!==void 0&&(this.maxMobileConcurrency=e.maxMobileConcurrency),e.reuseWorkers!==void 0&&(this.reuseWorkers=e.reuseWorkers),e.onDebug!==void 0&&(this.onDebug=e.onDebug)}async startJob(e,t=(i,o,s)=>i.done(s),n=(i,o)=>i.error(o)){let i=new Promise(o=>(this.jobQueue.push({name:e,onMessage:t,onError:n,onStart:o}),this));return this._startQueuedJob(),await i}async _startQueuedJob(){if(!this.jobQueue.length)return;let e=this._getAvailableWorker();if(!e)return;let t=this.jobQueue.shift();if(t){this.onDebug({message:"Starting job",name:t.name,workerThread:e,backlog:this.jobQueue.length});let n=new Nc(t.name,e);e.onMessage=i=>t.onMessage(n,i.type,i.payload),e.onError=i=>t.onError(n,i),t.onStart(n);try{await n.result}catch(i){console.error(`Worker exception: ${i}`)}finally{this.returnWorkerToQueue(e)}}}returnWorkerToQueue(e){!ln||this.isDestroyed||!this.reuseWorkers||this.count>this._getMaxConcurrency()?(e.destroy(),this.count--):this.idleQueue.push(e),this.isDestroyed||this._startQueuedJob()}_getAvailableWorker(){if(this.idleQueue.length>0)return this.idleQueue.shift()||null;if(this.count<this._getMaxConcurrency()){this.count++;let e=`${this.name.toLowerCase()} (#${this.count} of ${this.maxConcurrency})`;return new to({name:e,source:this.source,url:this.url})}return null}_getMaxConcurrency(){return Cw?this.maxMobileConcurrency:this.maxConcurrency}};var EO={maxConcurrency:3,maxMobileConcurrency:1,reuseWorkers:!0,onDebug:()=>{}},Vo=class r{props;workerPools=new Map;static _workerFarm;static isSupported(){return to.isSupported()}static getWorkerFarm(e={}){return r._workerFarm=r._workerFarm||new r({}),r._workerFarm.setProps(e),r._workerFarm}constructor(e){this.props={...EO},this.setProps(e),this.workerPools=new Map}destroy(){for(let e of this.workerPools.values())e.destroy();this.workerPools=new Map}setProps(e){this.props={...this.props,...e};for(let t of this.workerPools.values())t.setProps(this._getWorkerPoolProps())}getWorkerPool(e){let{name:t,source:n,url:i}=e,o=this.workerPools.get(t);return o||(o=new Fc({name:t,source:n,url:i}),o.setProps(this._getWorkerPoolProps()),this.workerPools.set(t,o)),o}_getWorkerPoolProps(){return{maxConcurrency:this.props.maxConcurrency,maxMobileConcurrency:this.props.maxMobileConcurrency,reuseWorkers:this.props.reuseWorkers,onDebug:this.props.onDebug}}};function fg(r,e={}){let t=e[r.id]||{},n=ln?r.workerFile||`${r.id}-worker.js`:`${r.id}-worker-node.js`,i=t.workerUrl;if(!i&&r.id==="compression"&&(i=e.workerUrl),(e._workerType||e?.core?._workerType)==="test"&&(ln?i=`modules/${r.module}/dist/${n}`:i=`modules/${r.module}/src/workers/${r.id}-worker-node.ts`),!i){let s=r.version;s==="latest"&&(s=Tw);let a=s?`@${s}`:"";i=`https://unpkg.com/@loaders.gl/${r.module}${a}/dist/${n}`}return xr(i),i}function ug(r,e=Lw){xr(r,"no worker provided");let t=r.version;return!(!e||!t)}function dg(r,e){if(!Vo.isSupported())return!1;let t=e?._nodeWorkers??e?.core?._nodeWorkers;if(!ln&&!t)return!1;let n=e?.worker??e?.core?.worker;return!!(r.worker&&n)}async function hg(r,e,t,n,i){let o=r.id,s=fg(r,t),c=Vo.getWorkerFarm(t?.core).getWorkerPool({name:o,url:s});t=JSON.parse(JSON.stringify(t||{})),t._workerLoaderId=r.id,n=JSON.parse(JSON.stringify(n||{}));let l=await c.startJob("process-on-worker",PO.bind(null,i));return l.postMessage("process",{input:e,options:t,context:n}),await(await l.result).result}async function PO(r,e,t,n){switch(t){case"done":e.done(n);break;case"error":e.error(new Error(n.error));break;case"process":let{id:i,input:o,options:s}=n;try{let a=await r(o,s);e.postMessage("done",{id:i,result:a})}catch(a){let c=a instanceof Error?a.message:"unknown error";e.postMessage("error",{id:i,error:c})}break;default:console.warn(`parse-with-worker unknown message ${t}`)}}function pg(r,e,t){if(t=t||r.byteLength,r.byteLength<t||e.byteLength<t)return!1;let n=new Uint8Array(r),i=new Uint8Array(e);for(let o=0;o<n.length;++o)if(n[o]!==i[o])return!1;return!0}function mg(...r){return Ow(r)}function Ow(r){let e=r.map(o=>o instanceof ArrayBuffer?new Uint8Array(o):o),t=e.reduce((o,s)=>o+s.byteLength,0),n=new Uint8Array(t),i=0;for(let o of e)n.set(o,i),i+=o.byteLength;return n.buffer}async function gg(r){let e=[];for await(let t of r)e.push(SO(t));return mg(...e)}function SO(r){if(r instanceof ArrayBuffer)return r;if(ArrayBuffer.isView(r)){let{buffer:e,byteOffset:t,byteLength:n}=r;return Bw(e,t,n)}return Bw(r)}function Bw(r,e=0,t=r.byteLength-e){let n=new Uint8Array(r,e,t),i=new Uint8Array(n.length);return i.set(n),i.buffer}var TO="",Dw={};function bg(r){for(let e in Dw)if(r.startsWith(e)){let t=Dw[e];r=r.replace(e,t)}return!r.startsWith("http://")&&!r.startsWith("https://")&&(r=`${TO}${r}`),r}function Hu(r){return r&&typeof r=="object"&&r.isBuffer}function la(r){if(Hu(r))return r;if(r instanceof ArrayBuffer)return r;if(ng(r))return ju(r);if(ArrayBuffer.isView(r)){let e=r.buffer;return r.byteOffset===0&&r.byteLength===r.buffer.byteLength?e:e.slice(r.byteOffset,r.byteOffset+r.byteLength)}if(typeof r=="string"){let e=r;return new TextEncoder().encode(e).buffer}if(r&&typeof r=="object"&&r._toArrayBuffer)return r._toArrayBuffer();throw new Error("toArrayBuffer")}function Gc(r){if(r instanceof ArrayBuffer)return r;if(ng(r))return ju(r);let{buffer:e,byteOffset:t,byteLength:n}=r;return e instanceof ArrayBuffer&&t===0&&n===e.byteLength?e:ju(e,t,n)}function ju(r,e=0,t=r.byteLength-e){let n=new Uint8Array(r,e,t),i=new Uint8Array(n.length);return i.set(n),i.buffer}function xg(r){return ArrayBuffer.isView(r)?r:new Uint8Array(r)}var Ci={};Ti(Ci,{dirname:()=>AO,filename:()=>LO,join:()=>CO,resolve:()=>MO});function Nw(){if(typeof process<"u"&&typeof process.cwd<"u")return process.cwd();let r=window.location?.pathname;return r?.slice(0,r.lastIndexOf("/")+1)||""}function LO(r){let e=r?r.lastIndexOf("/"):-1;return e>=0?r.substr(e+1):r}function AO(r){let e=r?r.lastIndexOf("/"):-1;return e>=0?r.substr(0,e):""}function CO(...r){return r=r.map((t,n)=>(n&&(t=t.replace(new RegExp("^/"),"")),n!==r.length-1&&(t=t.replace(new RegExp("/$"),"")),t)),r.join("/")}function MO(...r){let e=[];for(let o=0;o<r.length;o++)e[o]=r[o];let t="",n=!1,i;for(let o=e.length-1;o>=-1&&!n;o--){let s;o>=0?s=e[o]:(i===void 0&&(i=Nw()),s=i),s.length!==0&&(t=`${s}/${t}`,n=s.charCodeAt(0)===$c)}return t=RO(t,!n),n?`/${t}`:t.length>0?t:"."}var $c=47,vg=46;function RO(r,e){let t="",n=-1,i=0,o,s=!1;for(let a=0;a<=r.length;++a){if(a<r.length)o=r.charCodeAt(a);else{if(o===$c)break;o=$c}if(o===$c){if(!(n===a-1||i===1))if(n!==a-1&&i===2){if(t.length<2||!s||t.charCodeAt(t.length-1)!==vg||t.charCodeAt(t.length-2)!==vg){if(t.length>2){let c=t.length-1,l=c;for(;l>=0&&t.charCodeAt(l)!==$c;--l);if(l!==c){t=l===-1?"":t.slice(0,l),n=a,i=0,s=!1;continue}}else if(t.length===2||t.length===1){t="",n=a,i=0,s=!1;continue}}e&&(t.length>0?t+="/..":t="..",s=!0)}else{let c=r.slice(n+1,a);t.length>0?t+=`/${c}`:t=c,s=!1}n=a,i=0}else o===vg&&i!==-1?++i:i=-1}return t}var Yu=class extends Error{constructor(e,t){super(e),this.reason=t.reason,this.url=t.url,this.response=t.response}reason;url;response};var BO=/^data:([-\w.]+\/[-\w.+]+)(;|,)/,kO=/^([-\w.]+\/[-\w.+]+)/;function wg(r,e){return r.toLowerCase()===e.toLowerCase()}function Fw(r){let e=kO.exec(r);return e?e[1]:r}function Eg(r){let e=BO.exec(r);return e?e[1]:""}var Uw=/\?.*/;function zw(r){let e=r.match(Uw);return e&&e[0]}function ro(r){return r.replace(Uw,"")}function Gw(r){if(r.length<50)return r;let e=r.slice(r.length-15);return`${r.substr(0,32)}...${e}`}function jo(r){return Hr(r)?r.url:Yr(r)?("name"in r?r.name:"")||"":typeof r=="string"?r:""}function fa(r){if(Hr(r)){let e=r.headers.get("content-type")||"",t=ro(r.url);return Fw(e)||Eg(t)}return Yr(r)?r.type||"":typeof r=="string"?Eg(r):""}function $w(r){return Hr(r)?r.headers["content-length"]||-1:Yr(r)?r.size:typeof r=="string"?r.length:r instanceof ArrayBuffer||ArrayBuffer.isView(r)?r.byteLength:-1}async function qu(r){if(Hr(r))return r;let e={},t=$w(r);t>=0&&(e["content-length"]=String(t));let n=jo(r),i=fa(r);i&&(e["content-type"]=i);let o=await NO(r);o&&(e["x-first-bytes"]=o),typeof r=="string"&&(r=new TextEncoder().encode(r));let s=new Response(r,{headers:e});return Object.defineProperty(s,"url",{value:n}),s}async function Vw(r){if(!r.ok)throw await DO(r)}async function DO(r){let e=Gw(r.url),t=`Failed to fetch resource (${r.status}) ${r.statusText}: ${e}`;t=t.length>100?`${t.slice(0,100)}...`:t;let n={reason:r.statusText,url:r.url,response:r};try{let i=r.headers.get("Content-Type");n.reason=!r.bodyUsed&&i?.includes("application/json")?await r.json():await r.text()}catch{}return new Yu(t,n)}async function NO(r){if(typeof r=="string")return`data:,${r.slice(0,5)}`;if(r instanceof Blob){let t=r.slice(0,5);return await new Promise(n=>{let i=new FileReader;i.onload=o=>n(o?.target?.result),i.readAsDataURL(t)})}if(r instanceof ArrayBuffer){let t=r.slice(0,5);return`data:base64,${FO(t)}`}return null}function FO(r){let e="",t=new Uint8Array(r);for(let n=0;n<t.byteLength;n++)e+=String.fromCharCode(t[n]);return btoa(e)}function UO(r){return!zO(r)&&!GO(r)}function zO(r){return r.startsWith("http:")||r.startsWith("https:")}function GO(r){return r.startsWith("data:")}async function Pg(r,e){if(typeof r=="string"){let t=bg(r);return UO(t)&&globalThis.loaders?.fetchNode?globalThis.loaders?.fetchNode(t,e):await fetch(t,e)}return await qu(r)}kc();var Vc=new br({id:"loaders.gl"}),Zu=class{log(){return()=>{}}info(){return()=>{}}warn(){return()=>{}}error(){return()=>{}}},Xu=class{console;constructor(){this.console=console}log(...e){return this.console.log.bind(this.console,...e)}info(...e){return this.console.info.bind(this.console,...e)}warn(...e){return this.console.warn.bind(this.console,...e)}error(...e){return this.console.error.bind(this.console,...e)}};var Ku={core:{baseUrl:void 0,fetch:null,mimeType:void 0,fallbackMimeType:void 0,ignoreRegisteredLoaders:void 0,nothrow:!1,log:new Xu,useLocalLibraries:!1,CDN:"https://unpkg.com/@loaders.gl",worker:!0,maxConcurrency:3,maxMobileConcurrency:1,reuseWorkers:zo,_nodeWorkers:!1,_workerType:"",limit:0,_limitMB:0,batchSize:"auto",batchDebounceMs:0,metadata:!1,transforms:[]}},Ww={baseUri:"core.baseUrl",fetch:"core.fetch",mimeType:"core.mimeType",fallbackMimeType:"core.fallbackMimeType",ignoreRegisteredLoaders:"core.ignoreRegisteredLoaders",nothrow:"core.nothrow",log:"core.log",useLocalLibraries:"core.useLocalLibraries",CDN:"core.CDN",worker:"core.worker",maxConcurrency:"core.maxConcurrency",maxMobileConcurrency:"core.maxMobileConcurrency",reuseWorkers:"core.reuseWorkers",_nodeWorkers:"core.nodeWorkers",_workerType:"core._workerType",_worker:"core._workerType",limit:"core.limit",_limitMB:"core._limitMB",batchSize:"core.batchSize",batchDebounceMs:"core.batchDebounceMs",metadata:"core.metadata",transforms:"core.transforms",throws:"nothrow",dataType:"(no longer used)",uri:"core.baseUrl",method:"core.fetch.method",headers:"core.fetch.headers",body:"core.fetch.body",mode:"core.fetch.mode",credentials:"core.fetch.credentials",cache:"core.fetch.cache",redirect:"core.fetch.redirect",referrer:"core.fetch.referrer",referrerPolicy:"core.fetch.referrerPolicy",integrity:"core.fetch.integrity",keepalive:"core.fetch.keepalive",signal:"core.fetch.signal"};var Sg=["baseUrl","fetch","mimeType","fallbackMimeType","ignoreRegisteredLoaders","nothrow","log","useLocalLibraries","CDN","worker","maxConcurrency","maxMobileConcurrency","reuseWorkers","_nodeWorkers","_workerType","limit","_limitMB","batchSize","batchDebounceMs","metadata","transforms"];function Tg(){globalThis.loaders=globalThis.loaders||{};let{loaders:r}=globalThis;return r._state||(r._state={}),r._state}function Lg(){let r=Tg();return r.globalOptions=r.globalOptions||{...Ku,core:{...Ku.core}},Mi(r.globalOptions)}function Yw(r,e,t,n){return t=t||[],t=Array.isArray(t)?t:[t],$O(r,t),Mi(WO(e,r,n))}function Mi(r){let e=HO(r);qw(e);for(let t of Sg)e.core&&e.core[t]!==void 0&&delete e[t];return e.core&&e.core._workerType!==void 0&&delete e._worker,e}function $O(r,e){jw(r,null,Ku,Ww,e);for(let t of e){let n=r&&r[t.id]||{},i=t.options&&t.options[t.id]||{},o=t.deprecatedOptions&&t.deprecatedOptions[t.id]||{};jw(n,t.id,i,o,e)}}function jw(r,e,t,n,i){let o=e||"Top level",s=e?`${e}.`:"";for(let a in r){let c=!e&&ei(r[a]),l=a==="baseUri"&&!e,f=a==="workerUrl"&&e;if(!(a in t)&&!l&&!f){if(a in n)Vc.level>0&&Vc.warn(`${o} loader option '${s}${a}' no longer supported, use '${n[a]}'`)();else if(!c&&Vc.level>0){let u=VO(a,i);Vc.warn(`${o} loader option '${s}${a}' not recognized. ${u}`)()}}}}function VO(r,e){let t=r.toLowerCase(),n="";for(let i of e)for(let o in i.options){if(r===o)return`Did you mean '${i.id}.${o}'?`;let s=o.toLowerCase();(t.startsWith(s)||s.startsWith(t))&&(n=n||`Did you mean '${i.id}.${o}'?`)}return n}function WO(r,e,t){let n=r.options||{},i={...n};n.core&&(i.core={...n.core}),qw(i),i.core?.log===null&&(i.core={...i.core,log:new Zu}),Hw(i,Mi(Lg()));let o=Mi(e);return Hw(i,o),jO(i,t),YO(i),i}function Hw(r,e){for(let t in e)if(t in e){let n=e[t];Wu(n)&&Wu(r[t])?r[t]={...r[t],...e[t]}:r[t]=e[t]}}function jO(r,e){if(!e)return;r.core?.baseUrl!==void 0||(r.core||={},r.core.baseUrl=Ci.dirname(ro(e)))}function HO(r){let e={...r};return r.core&&(e.core={...r.core}),e}function qw(r){r.baseUri!==void 0&&(r.core||={},r.core.baseUrl===void 0&&(r.core.baseUrl=r.baseUri));for(let t of Sg)if(r[t]!==void 0){let i=r.core=r.core||{};i[t]===void 0&&(i[t]=r[t])}let e=r._worker;e!==void 0&&(r.core||={},r.core._workerType===void 0&&(r.core._workerType=e))}function YO(r){let e=r.core;if(e)for(let t of Sg)e[t]!==void 0&&(r[t]=e[t])}function Wc(r){return r?(Array.isArray(r)&&(r=r[0]),Array.isArray(r?.extensions)):!1}function jc(r){eo(r,"null loader"),eo(Wc(r),"invalid loader");let e;return Array.isArray(r)&&(e=r[1],r=r[0],r={...r,options:{...r.options,...e}}),(r?.parseTextSync||r?.parseText)&&(r.text=!0),r.text||(r.binary=!0),r}var Zw=()=>{let r=Tg();return r.loaderRegistry=r.loaderRegistry||[],r.loaderRegistry};function Ag(r){let e=Zw();r=Array.isArray(r)?r:[r];for(let t of r){let n=jc(t);e.find(i=>n===i)||e.unshift(n)}}function Xw(){return Zw()}var qO=/\.([^.]+)$/;async function Jw(r,e=[],t,n){if(!eE(r))return null;let i=Mi(t||{});if(i.core||={},r instanceof Response&&Kw(r)){let s=await r.clone().text(),a=Qu(s,e,{...i,core:{...i.core,nothrow:!0}},n);if(a)return a}let o=Qu(r,e,{...i,core:{...i.core,nothrow:!0}},n);if(o)return o;if(Yr(r)&&(r=await r.slice(0,10).arrayBuffer(),o=Qu(r,e,i,n)),!o&&r instanceof Response&&Kw(r)){let s=await r.clone().text();o=Qu(s,e,i,n)}if(!o&&!i.core.nothrow)throw new Error(tE(r));return o}function Kw(r){let e=fa(r);return!!(e&&(e.startsWith("text/")||e==="application/json"||e.endsWith("+json")))}function Qu(r,e=[],t,n){if(!eE(r))return null;let i=Mi(t||{});if(i.core||={},e&&!Array.isArray(e))return jc(e);let o=[];e&&(o=o.concat(e)),i.core.ignoreRegisteredLoaders||o.push(...Xw()),XO(o);let s=ZO(r,o,i,n);if(!s&&!i.core.nothrow)throw new Error(tE(r));return s}function ZO(r,e,t,n){let i=jo(r),o=fa(r),s=ro(i)||n?.url,a=null,c="";return t?.core?.mimeType&&(a=Cg(e,t?.core?.mimeType),c=`match forced by supplied MIME type ${t?.core?.mimeType}`),a=a||KO(e,s),c=c||(a?`matched url ${s}`:""),a=a||Cg(e,o),c=c||(a?`matched MIME type ${o}`:""),a=a||JO(e,r),c=c||(a?`matched initial data ${rE(r)}`:""),t?.core?.fallbackMimeType&&(a=a||Cg(e,t?.core?.fallbackMimeType),c=c||(a?`matched fallback MIME type ${o}`:"")),c&&rg.log(1,`selectLoader selected ${a?.name}: ${c}.`),a}function eE(r){return!(r instanceof Response&&r.status===204)}function tE(r){let e=jo(r),t=fa(r),n="No valid loader found (";n+=e?`${Ci.filename(e)}, `:"no url provided, ",n+=`MIME type: ${t?`"${t}"`:"not provided"}, `;let i=r?rE(r):"";return n+=i?` first bytes: "${i}"`:"first bytes: not available",n+=")",n}function XO(r){for(let e of r)jc(e)}function KO(r,e){let t=e&&qO.exec(e),n=t&&t[1];return n?QO(r,n):null}function QO(r,e){e=e.toLowerCase();for(let t of r)for(let n of t.extensions)if(n.toLowerCase()===e)return t;return null}function Cg(r,e){for(let t of r)if(t.mimeTypes?.some(n=>wg(e,n))||wg(e,`application/x.${t.id}`))return t;return null}function JO(r,e){if(!e)return null;for(let t of r)if(typeof e=="string"){if(eB(e,t))return t}else if(ArrayBuffer.isView(e)){if(Qw(e.buffer,e.byteOffset,t))return t}else if(e instanceof ArrayBuffer&&Qw(e,0,t))return t;return null}function eB(r,e){return e.testText?e.testText(r):(Array.isArray(e.tests)?e.tests:[e.tests]).some(n=>r.startsWith(n))}function Qw(r,e,t){return(Array.isArray(t.tests)?t.tests:[t.tests]).some(i=>tB(r,e,t,i))}function tB(r,e,t,n){if(aa(n))return pg(n,r,n.byteLength);switch(typeof n){case"function":return n(Gc(r));case"string":let i=Mg(r,e,n.length);return n===i;default:return!1}}function rE(r,e=5){return typeof r=="string"?r.slice(0,e):ArrayBuffer.isView(r)?Mg(r.buffer,r.byteOffset,e):r instanceof ArrayBuffer?Mg(r,0,e):""}function Mg(r,e,t){if(r.byteLength<e+t)return"";let n=new DataView(r),i="";for(let o=0;o<t;o++)i+=String.fromCharCode(n.getUint8(e+o));return i}var rB=256*1024;function*nE(r,e){let t=e?.chunkSize||rB,n=0,i=new TextEncoder;for(;n<r.length;){let o=Math.min(r.length-n,t),s=r.slice(n,n+o);n+=o,yield Gc(i.encode(s))}}function*iE(r,e={}){let{chunkSize:t=262144}=e,n=0;for(;n<r.byteLength;){let i=Math.min(r.byteLength-n,t),o=new ArrayBuffer(i),s=new Uint8Array(r,n,i);new Uint8Array(o).set(s),n+=i,yield o}}async function*oE(r,e){let t=e?.chunkSize||1048576,n=0;for(;n<r.size;){let i=n+t,o=await r.slice(n,i).arrayBuffer();n=i,yield o}}function Rg(r,e){return zo?nB(r,e):iB(r,e)}async function*nB(r,e){let t=r.getReader(),n;try{for(;;){let i=n||t.read();e?._streamReadAhead&&(n=t.read());let{done:o,value:s}=await i;if(o)return;yield la(s)}}catch{t.releaseLock()}}async function*iB(r,e){for await(let t of r)yield la(t)}function sE(r,e){if(typeof r=="string")return nE(r,e);if(r instanceof ArrayBuffer)return iE(r,e);if(Yr(r))return oE(r,e);if(Dc(r))return Rg(r,e);if(Hr(r)){let t=r.body;if(!t)throw new Error("Readable stream not available on Response");return Rg(t,e)}throw new Error("makeIterator")}var aE="Cannot convert supplied data type";function oB(r,e,t){if(e.text&&typeof r=="string")return r;if(Hu(r)&&(r=r.buffer),aa(r)){let n=xg(r);return e.text&&!e.binary?new TextDecoder("utf8").decode(n):la(n)}throw new Error(aE)}async function cE(r,e,t){if(typeof r=="string"||aa(r))return oB(r,e,t);if(Yr(r)&&(r=await qu(r)),Hr(r))return await Vw(r),e.binary?await r.arrayBuffer():await r.text();if(Dc(r)&&(r=sE(r,t)),ig(r)||og(r))return gg(r);throw new Error(aE)}function Ju(r,e){let t=Lg(),n=r||t,i=n.fetch??n.core?.fetch;return typeof i=="function"?i:ei(i)?o=>Pg(o,i):e?.fetch?e?.fetch:Pg}function lE(r,e,t){if(t)return t;let n={fetch:Ju(e,r),...r};if(n.url){let i=ro(n.url);n.baseUrl=i,n.queryString=zw(n.url),n.filename=Ci.filename(i),n.baseUrl=Ci.dirname(i)}return Array.isArray(n.loaders)||(n.loaders=null),n}function fE(r,e){if(r&&!Array.isArray(r))return r;let t;if(r&&(t=Array.isArray(r)?r:[r]),e&&e.loaders){let n=Array.isArray(e.loaders)?e.loaders:[e.loaders];t=t?[...t,...n]:n}return t&&t.length?t:void 0}async function Hc(r,e,t,n){e&&!Array.isArray(e)&&!Wc(e)&&(n=void 0,t=e,e=void 0),r=await r,t=t||{};let i=jo(r),s=fE(e,n),a=await Jw(r,s,t);if(!a)return null;let c=Yw(t,a,s,i);return n=lE({url:i,_parse:Hc,loaders:s},c,n||null),await sB(a,r,c,n)}async function sB(r,e,t,n){if(ug(r),t=sg(r.options,t),Hr(e)){let{ok:o,redirected:s,status:a,statusText:c,type:l,url:f}=e,u=Object.fromEntries(e.headers.entries());n.response={headers:u,ok:o,redirected:s,status:a,statusText:c,type:l,url:f}}e=await cE(e,r,t);let i=r;if(i.parseTextSync&&typeof e=="string")return i.parseTextSync(e,t,n);if(dg(r,t))return await hg(r,e,t,n,Hc);if(i.parseText&&typeof e=="string")return await i.parseText(e,t,n);if(i.parse)return await i.parse(e,t,n);throw xr(!i.parseSync),new Error(`${r.id} loader - no parser found and worker is disabled`)}async function ua(r,e,t,n){let i,o;!Array.isArray(e)&&!Wc(e)?(i=[],o=e,n=void 0):(i=e,o=t);let s=Ju(o),a=r;return typeof r=="string"&&(a=await s(r)),Yr(r)&&(a=await s(r)),typeof r=="string"&&(Mi(o||{}).core?.baseUrl||(o={...o,core:{...o?.core,baseUrl:r}})),Array.isArray(i)?await Hc(a,i,o):await Hc(a,i,o)}var pE="4.5.4";var aB=globalThis.loaders?.parseImageNode,Og=typeof Image<"u",Bg=typeof ImageBitmap<"u",cB=!!aB,kg=zo?!0:cB;function mE(r){switch(r){case"auto":return Bg||Og||kg;case"imagebitmap":return Bg;case"image":return Og;case"data":return kg;default:throw new Error(`@loaders.gl/images: image ${r} not supported in this environment`)}}function gE(){if(Bg)return"imagebitmap";if(Og)return"image";if(kg)return"data";throw new Error("Install '@loaders.gl/polyfills' to parse images under Node.js")}function lB(r){let e=fB(r);if(!e)throw new Error("Not an image");return e}function yE(r){switch(lB(r)){case"data":return r;case"image":case"imagebitmap":let e=document.createElement("canvas"),t=e.getContext("2d");if(!t)throw new Error("getImageData");return e.width=r.width,e.height=r.height,t.drawImage(r,0,0),t.getImageData(0,0,r.width,r.height);default:throw new Error("getImageData")}}function fB(r){return typeof ImageBitmap<"u"&&r instanceof ImageBitmap?"imagebitmap":typeof Image<"u"&&r instanceof Image?"image":r&&typeof r=="object"&&r.data&&r.width&&r.height?"data":null}var uB=/^data:image\/svg\+xml/,dB=/\.svg((\?|#).*)?$/;function ed(r){return r&&(uB.test(r)||dB.test(r))}function _E(r,e){if(ed(e)){let n=new TextDecoder().decode(r);try{typeof unescape=="function"&&typeof encodeURIComponent=="function"&&(n=unescape(encodeURIComponent(n)))}catch(o){throw new Error(o.message)}return`data:image/svg+xml;base64,${btoa(n)}`}return Dg(r,e)}function Dg(r,e){if(ed(e))throw new Error("SVG cannot be parsed directly to imagebitmap");return new Blob([new Uint8Array(r)])}async function td(r,e,t){let n=_E(r,t),i=self.URL||self.webkitURL,o=typeof n!="string"&&i.createObjectURL(n);try{return await hB(o||n,e)}finally{o&&i.revokeObjectURL(o)}}async function hB(r,e){let t=new Image;return t.src=r,e.image&&e.image.decode&&t.decode?(await t.decode(),t):await new Promise((n,i)=>{try{t.onload=()=>n(t),t.onerror=o=>{let s=o instanceof Error?o.message:"error";i(new Error(s))}}catch(o){i(o)}})}var bE=!0;async function xE(r,e,t){let n;ed(t)?n=await td(r,e,t):n=Dg(r,t);let i=e&&e.imagebitmap;return await pB(n,i)}async function pB(r,e=null){if((mB(e)||!bE)&&(e=null),e)try{return await createImageBitmap(r,e)}catch(t){console.warn(t),bE=!1}return await createImageBitmap(r)}function mB(r){if(!r)return!0;for(let e in r)if(Object.prototype.hasOwnProperty.call(r,e))return!1;return!0}function vE(r){return!bB(r,"ftyp",4)||(r[8]&96)===0?null:gB(r)}function gB(r){switch(yB(r,8,12).replace("\0"," ").trim()){case"avif":case"avis":return{extension:"avif",mimeType:"image/avif"};default:return null}}function yB(r,e,t){return String.fromCharCode(...r.slice(e,t))}function _B(r){return[...r].map(e=>e.charCodeAt(0))}function bB(r,e,t=0){let n=_B(e);for(let i=0;i<n.length;++i)if(n[i]!==r[i+t])return!1;return!0}var ri=!1,qc=!0;function rd(r){let e=Zc(r);return vB(e)||PB(e)||wB(e)||EB(e)||xB(e)}function xB(r){let e=new Uint8Array(r instanceof DataView?r.buffer:r),t=vE(e);return t?{mimeType:t.mimeType,width:0,height:0}:null}function vB(r){let e=Zc(r);return e.byteLength>=24&&e.getUint32(0,ri)===2303741511?{mimeType:"image/png",width:e.getUint32(16,ri),height:e.getUint32(20,ri)}:null}function wB(r){let e=Zc(r);return e.byteLength>=10&&e.getUint32(0,ri)===1195984440?{mimeType:"image/gif",width:e.getUint16(6,qc),height:e.getUint16(8,qc)}:null}function EB(r){let e=Zc(r);return e.byteLength>=14&&e.getUint16(0,ri)===16973&&e.getUint32(2,qc)===e.byteLength?{mimeType:"image/bmp",width:e.getUint32(18,qc),height:e.getUint32(22,qc)}:null}function PB(r){let e=Zc(r);if(!(e.byteLength>=3&&e.getUint16(0,ri)===65496&&e.getUint8(2)===255))return null;let{tableMarkers:n,sofMarkers:i}=SB(),o=2;for(;o+9<e.byteLength;){let s=e.getUint16(o,ri);if(i.has(s))return{mimeType:"image/jpeg",height:e.getUint16(o+5,ri),width:e.getUint16(o+7,ri)};if(!n.has(s))return null;o+=2,o+=e.getUint16(o,ri)}return null}function SB(){let r=new Set([65499,65476,65484,65501,65534]);for(let t=65504;t<65520;++t)r.add(t);return{tableMarkers:r,sofMarkers:new Set([65472,65473,65474,65475,65477,65478,65479,65481,65482,65483,65485,65486,65487,65502])}}function Zc(r){if(r instanceof DataView)return r;if(ArrayBuffer.isView(r))return new DataView(r.buffer);if(r instanceof ArrayBuffer)return new DataView(r);throw new Error("toDataView")}async function wE(r,e){let{mimeType:t}=rd(r)||{},n=globalThis.loaders?.parseImageNode;return eo(n),await n(r,t)}async function EE(r,e,t){e=e||{};let i=(e.image||{}).type||"auto",{url:o}=t||{},s=TB(i),a;switch(s){case"imagebitmap":a=await xE(r,e,o);break;case"image":a=await td(r,e,o);break;case"data":a=await wE(r,e);break;default:eo(!1)}return i==="data"&&(a=yE(a)),a}function TB(r){switch(r){case"auto":case"data":return gE();default:return mE(r),r}}var LB=["png","jpg","jpeg","gif","webp","bmp","ico","svg","avif"],AB=["image/png","image/jpeg","image/gif","image/webp","image/avif","image/bmp","image/vnd.microsoft.icon","image/svg+xml"],CB={image:{type:"auto",decode:!0}},Ng={dataType:null,batchType:null,id:"image",module:"images",name:"Images",version:pE,mimeTypes:AB,extensions:LB,parse:EE,tests:[r=>!!rd(new DataView(r))],options:CB};kc();var MB=new br({id:"deck"}),pe=MB;var Fg={};function PE(r){Fg=r}function mt(r,e,t,n){pe.level>0&&Fg[r]&&Fg[r].call(null,e,t,n)}function RB(r){let e=r[0],t=r[r.length-1];return e==="{"&&t==="}"||e==="["&&t==="]"}var SE={dataType:null,batchType:null,id:"JSON",name:"JSON",module:"",version:"",options:{},extensions:["json","geojson"],mimeTypes:["application/json","application/geo+json"],testText:RB,parseTextSync:JSON.parse};function IB(){let r="9.4.0",e=globalThis.deck&&globalThis.deck.VERSION;if(e&&e!==r)throw new Error(`deck.gl - multiple versions detected: ${e} vs ${r}`);return e||(pe.log(1,`deck.gl ${r}`)(),globalThis.deck={...globalThis.deck,VERSION:r,version:r,log:pe,_registerLoggers:PE},Ag([SE,[Ng,{imagebitmap:{premultiplyAlpha:"none"}}]])),r}var TE=IB();Or();var CF=`struct LayerUniforms {
  opacity: f32,
};

@group(0) @binding(auto)
var<uniform> layer: LayerUniforms;
`,lS=`layout(std140) uniform layerUniforms {
  uniform float opacity;
} layer;
`,F_={name:"layer",source:CF,vs:lS,fs:lS,getUniforms:r=>({opacity:Math.pow(r.opacity,.45454545454545453)}),uniformTypes:{opacity:"f32"}};var MF=`

@must_use
fn deckgl_premultiplied_alpha(fragColor: vec4<f32>) -> vec4<f32> {
    return vec4(fragColor.rgb * fragColor.a, fragColor.a); 
};
`,ai={name:"color",dependencies:[],source:MF,getUniforms:r=>({})};var RF=`const SMOOTH_EDGE_RADIUS: f32 = 0.5;

struct VertexGeometry {
  position: vec4<f32>,
  worldPosition: vec3<f32>,
  worldPositionAlt: vec3<f32>,
  normal: vec3<f32>,
  uv: vec2<f32>,
  pickingColor: vec3<f32>,
};

var<private> geometry_: VertexGeometry = VertexGeometry(
  vec4<f32>(0.0, 0.0, 1.0, 0.0),
  vec3<f32>(0.0, 0.0, 0.0),
  vec3<f32>(0.0, 0.0, 0.0),
  vec3<f32>(0.0, 0.0, 0.0),
  vec2<f32>(0.0, 0.0),
  vec3<f32>(0.0, 0.0, 0.0)
);

struct FragmentGeometry {
  uv: vec2<f32>,
};

var<private> fragmentGeometry: FragmentGeometry;

fn smoothedge(edge: f32, x: f32) -> f32 {
  return smoothstep(edge - SMOOTH_EDGE_RADIUS, edge + SMOOTH_EDGE_RADIUS, x);
}
`,fS="#define SMOOTH_EDGE_RADIUS 0.5",IF=`${fS}

struct VertexGeometry {
  vec4 position;
  vec3 worldPosition;
  vec3 worldPositionAlt;
  vec3 normal;
  vec2 uv;
  vec3 pickingColor;
} geometry = VertexGeometry(
  vec4(0.0, 0.0, 1.0, 0.0),
  vec3(0.0),
  vec3(0.0),
  vec3(0.0),
  vec2(0.0),
  vec3(0.0)
);
`,OF=`${fS}

struct FragmentGeometry {
  vec2 uv;
};
FragmentGeometry geometry;

float smoothedge(float edge, float x) {
  return smoothstep(edge - SMOOTH_EDGE_RADIUS, edge + SMOOTH_EDGE_RADIUS, x);
}
`,Kd={name:"geometry",source:RF,vs:IF,fs:OF};Or();Ft();var ue;(function(r){r[r.Start=1]="Start",r[r.Move=2]="Move",r[r.End=4]="End",r[r.Cancel=8]="Cancel"})(ue||(ue={}));var ft;(function(r){r[r.None=0]="None",r[r.Left=1]="Left",r[r.Right=2]="Right",r[r.Up=4]="Up",r[r.Down=8]="Down",r[r.Horizontal=3]="Horizontal",r[r.Vertical=12]="Vertical",r[r.All=15]="All"})(ft||(ft={}));var K;(function(r){r[r.Possible=1]="Possible",r[r.Began=2]="Began",r[r.Changed=4]="Changed",r[r.Ended=8]="Ended",r[r.Recognized=8]="Recognized",r[r.Cancelled=16]="Cancelled",r[r.Failed=32]="Failed"})(K||(K={}));var uS="compute",U_="auto",hs="manipulation",ps="none",Al="pan-x",Cl="pan-y";function z_(r){if(r.includes(ps))return ps;let e=r.includes(Al),t=r.includes(Cl);return e&&t?ps:e||t?e?Al:Cl:r.includes(hs)?hs:U_}var Ml=class{constructor(e,t){this.actions="",this.manager=e,this.set(t)}set(e){e===uS&&(e=this.compute()),this.manager.element&&(this.manager.element.style.touchAction=e,this.actions=e)}update(){this.set(this.manager.options.touchAction)}compute(){let e=[];for(let t of this.manager.recognizers)t.options.enable&&(e=e.concat(t.getTouchAction()));return z_(e.join(" "))}};function La(r){return r.trim().split(/\s+/g)}function Qd(r,e,t){if(r)for(let n of La(e))r.addEventListener(n,t,!1)}function Jd(r,e,t){if(r)for(let n of La(e))r.removeEventListener(n,t,!1)}function G_(r){return(r.ownerDocument||r).defaultView}function $_(r,e){let t=r;for(;t;){if(t===e)return!0;t=t.parentNode}return!1}function eh(r){let e=r.length;if(e===1)return{x:Math.round(r[0].clientX),y:Math.round(r[0].clientY)};let t=0,n=0,i=0;for(;i<e;)t+=r[i].clientX,n+=r[i].clientY,i++;return{x:Math.round(t/e),y:Math.round(n/e)}}function V_(r){let e=[],t=0;for(;t<r.pointers.length;)e[t]={clientX:Math.round(r.pointers[t].clientX),clientY:Math.round(r.pointers[t].clientY)},t++;return{timeStamp:Date.now(),pointers:e,center:eh(e),deltaX:r.deltaX,deltaY:r.deltaY}}function Aa(r,e){let t=e.x-r.x,n=e.y-r.y;return Math.sqrt(t*t+n*n)}function Rl(r,e){let t=e.clientX-r.clientX,n=e.clientY-r.clientY;return Math.sqrt(t*t+n*n)}function dS(r,e){let t=e.x-r.x,n=e.y-r.y;return Math.atan2(n,t)*180/Math.PI}function W_(r,e){let t=e.clientX-r.clientX,n=e.clientY-r.clientY;return Math.atan2(n,t)*180/Math.PI}function Ca(r,e){return r===e?ft.None:Math.abs(r)>=Math.abs(e)?r<0?ft.Left:ft.Right:e<0?ft.Up:ft.Down}function hS(r,e){let t=e.center,n=r.offsetDelta,i=r.prevDelta,o=r.prevInput;return(e.eventType===ue.Start||o?.eventType===ue.End)&&(i=r.prevDelta={x:o?.deltaX||0,y:o?.deltaY||0},n=r.offsetDelta={x:t.x,y:t.y}),{deltaX:i.x+(t.x-n.x),deltaY:i.y+(t.y-n.y)}}function th(r,e,t){return{x:e/r||0,y:t/r||0}}function pS(r,e){return Rl(e[0],e[1])/Rl(r[0],r[1])}function mS(r,e){return W_(e[1],e[0])-W_(r[1],r[0])}function gS(r,e){let t=r.lastInterval||e,n=e.timeStamp-t.timeStamp,i,o,s,a;if(e.eventType!==ue.Cancel&&(n>25||t.velocity===void 0)){let c=e.deltaX-t.deltaX,l=e.deltaY-t.deltaY,f=th(n,c,l);o=f.x,s=f.y,i=Math.abs(f.x)>Math.abs(f.y)?f.x:f.y,a=Ca(c,l),r.lastInterval=e}else i=t.velocity,o=t.velocityX,s=t.velocityY,a=t.direction;e.velocity=i,e.velocityX=o,e.velocityY=s,e.direction=a}function j_(r,e){return"pointerId"in r?r.pointerId:e}function yS(r,e){r.movementOrigin=new Map(e.map((t,n)=>[j_(t,n),{clientX:t.clientX,clientY:t.clientY}])),r.firstMovementTime=void 0}function kF(r,e){let t=e.pointers.map(j_);if(r.movementOrigin?.size===t.length&&t.every(i=>r.movementOrigin.has(i))||yS(r,e.pointers),e.distancePerPointer=e.pointers.map((i,o)=>Rl(r.movementOrigin.get(t[o]),i)),e.eventType&ue.Move&&e.distancePerPointer.some(i=>i>0)&&(r.firstMovementTime??(r.firstMovementTime=e.timeStamp)),e.movementDeltaTime=r.firstMovementTime===void 0?0:e.timeStamp-r.firstMovementTime,e.eventType&(ue.End|ue.Cancel)){let i=e.changedPointers.map(o=>j_(o,e.pointers.indexOf(o)));yS(r,e.pointers.filter((o,s)=>!i.includes(t[s])))}}function _S(r,e){let{session:t}=r,{pointers:n}=e,{length:i}=n;t.firstInput||(t.firstInput=V_(e)),i>1&&!t.firstMultiple?t.firstMultiple=V_(e):i===1&&(t.firstMultiple=!1);let{firstInput:o,firstMultiple:s}=t,a=s?s.center:o.center,c=e.center=eh(n);e.timeStamp=Date.now(),e.deltaTime=e.timeStamp-o.timeStamp,kF(t,e),e.angle=dS(a,c),e.distance=Aa(a,c);let{deltaX:l,deltaY:f}=hS(t,e);e.deltaX=l,e.deltaY=f,e.offsetDirection=Ca(e.deltaX,e.deltaY);let u=th(e.deltaTime,e.deltaX,e.deltaY);e.overallVelocityX=u.x,e.overallVelocityY=u.y,e.overallVelocity=Math.abs(u.x)>Math.abs(u.y)?u.x:u.y,e.scale=s?pS(s.pointers,n):1,e.rotation=s?mS(s.pointers,n):0,e.maxPointers=t.prevInput?e.pointers.length>t.prevInput.maxPointers?e.pointers.length:t.prevInput.maxPointers:e.pointers.length;let d=r.element;return $_(e.srcEvent.target,d)&&(d=e.srcEvent.target),e.target=d,gS(t,e),e}function bS(r,e,t){let n=t.pointers.length,i=t.changedPointers.length,o=e&ue.Start&&n-i===0,s=e&(ue.End|ue.Cancel)&&n-i===0;t.isFirst=!!o,t.isFinal=!!s,o&&(r.session={}),t.eventType=e;let a=_S(r,t);r.emit("hammer.input",a),r.recognize(a),r.session.prevInput=a}var Il=class{constructor(e){this.evEl="",this.evWin="",this.evTarget="",this.domHandler=t=>{this.manager.options.enable&&this.handler(t)},this.manager=e,this.element=e.element,this.target=e.options.inputTarget||e.element}callback(e,t){bS(this.manager,e,t)}init(){Qd(this.element,this.evEl,this.domHandler),Qd(this.target,this.evTarget,this.domHandler),Qd(G_(this.element),this.evWin,this.domHandler)}destroy(){Jd(this.element,this.evEl,this.domHandler),Jd(this.target,this.evTarget,this.domHandler),Jd(G_(this.element),this.evWin,this.domHandler)}};var DF={pointerdown:ue.Start,pointermove:ue.Move,pointerup:ue.End,pointercancel:ue.Cancel,pointerout:ue.Cancel},NF="pointerdown",FF="pointermove pointerup pointercancel",Ol=class extends Il{constructor(e){super(e),this.evEl=NF,this.evWin=FF,this.store=this.manager.session.pointerEvents=[],this.init()}handler(e){let{store:t}=this,n=!1,i=DF[e.type],o=e.pointerType,s=o==="touch",a=t.findIndex(c=>c.pointerId===e.pointerId);i&ue.Start&&(e.buttons||s)?a<0&&(t.push(e),a=t.length-1):i&(ue.End|ue.Cancel)&&(n=!0),!(a<0)&&(t[a]=e,this.callback(i,{pointers:t,changedPointers:[e],eventType:i,pointerType:o,srcEvent:e}),n&&t.splice(a,1))}};var UF=["","webkit","Moz","MS","ms","o"];function xS(r,e){let t=e[0].toUpperCase()+e.slice(1);for(let n of UF){let i=n?n+t:e;if(i in r)return i}}var zF=1,vS=2,wS={touchAction:"compute",enable:!0,inputTarget:null,cssProps:{userSelect:"none",userDrag:"none",touchCallout:"none",tapHighlightColor:"rgba(0,0,0,0)"}},Bl=class{constructor(e,t){this.options={...wS,...t,cssProps:{...wS.cssProps,...t.cssProps},inputTarget:t.inputTarget||e},this.handlers={},this.session={},this.recognizers=[],this.oldCssProps={},this.element=e,this.input=new Ol(this),this.touchAction=new Ml(this,this.options.touchAction),this.toggleCssProps(!0)}set(e){return Object.assign(this.options,e),e.touchAction&&this.touchAction.update(),e.inputTarget&&(this.input.destroy(),this.input.target=e.inputTarget,this.input.init()),this}stop(e){this.session.stopped=e?vS:zF}recognize(e){let{session:t}=this;if(t.stopped)return;this.session.prevented&&e.srcEvent.preventDefault();let n,{recognizers:i}=this,{curRecognizer:o}=t;(!o||o&&o.state&K.Recognized)&&(o=t.curRecognizer=null);let s=0;for(;s<i.length;)n=i[s],t.stopped!==vS&&(!o||n===o||n.canRecognizeWith(o))?n.recognize(e):n.reset(),!o&&n.state&(K.Began|K.Changed|K.Ended)&&(o=t.curRecognizer=n),s++}get(e){let{recognizers:t}=this;for(let n=0;n<t.length;n++)if(t[n].options.event===e)return t[n];return null}add(e){if(Array.isArray(e)){for(let n of e)this.add(n);return this}let t=this.get(e.options.event);return t&&this.remove(t),this.recognizers.push(e),e.manager=this,this.touchAction.update(),e}remove(e){if(Array.isArray(e)){for(let n of e)this.remove(n);return this}let t=typeof e=="string"?this.get(e):e;if(t){let{recognizers:n}=this,i=n.indexOf(t);i!==-1&&(n.splice(i,1),this.touchAction.update())}return this}on(e,t){if(!e||!t)return;let{handlers:n}=this;for(let i of La(e))n[i]=n[i]||[],n[i].push(t)}off(e,t){if(!e)return;let{handlers:n}=this;for(let i of La(e))t?n[i]&&n[i].splice(n[i].indexOf(t),1):delete n[i]}emit(e,t){let n=this.handlers[e]&&this.handlers[e].slice();if(!n||!n.length)return;let i=t;i.type=e,i.preventDefault=function(){t.srcEvent.preventDefault()};let o=0;for(;o<n.length;)n[o](i),o++}destroy(){this.toggleCssProps(!1),this.handlers={},this.session={},this.input.destroy(),this.element=null}toggleCssProps(e){let{element:t}=this;if(t){for(let[n,i]of Object.entries(this.options.cssProps)){let o=xS(t.style,n);e?(this.oldCssProps[o]=t.style[o],t.style[o]=i):t.style[o]=this.oldCssProps[o]||""}e||(this.oldCssProps={})}}};var GF=1;function ES(){return GF++}function H_(r){return r&K.Cancelled?"cancel":r&K.Ended?"end":r&K.Changed?"move":r&K.Began?"start":""}var Mn=class{constructor(e){this.options=e,this.id=ES(),this.state=K.Possible,this.simultaneous={},this.requireFail=[]}set(e){return Object.assign(this.options,e),this.manager.touchAction.update(),this}recognizeWith(e){if(Array.isArray(e)){for(let i of e)this.recognizeWith(i);return this}let t;if(typeof e=="string"){if(t=this.manager.get(e),!t)throw new Error(`Cannot find recognizer ${e}`)}else t=e;let{simultaneous:n}=this;return n[t.id]||(n[t.id]=t,t.recognizeWith(this)),this}dropRecognizeWith(e){if(Array.isArray(e)){for(let n of e)this.dropRecognizeWith(n);return this}let t;return typeof e=="string"?t=this.manager.get(e):t=e,t&&delete this.simultaneous[t.id],this}requireFailure(e){if(Array.isArray(e)){for(let i of e)this.requireFailure(i);return this}let t;if(typeof e=="string"){if(t=this.manager.get(e),!t)throw new Error(`Cannot find recognizer ${e}`)}else t=e;let{requireFail:n}=this;return n.indexOf(t)===-1&&(n.push(t),t.requireFailure(this)),this}dropRequireFailure(e){if(Array.isArray(e)){for(let n of e)this.dropRequireFailure(n);return this}let t;if(typeof e=="string"?t=this.manager.get(e):t=e,t){let n=this.requireFail.indexOf(t);n>-1&&this.requireFail.splice(n,1)}return this}hasRequireFailures(){return!!this.requireFail.find(e=>e.options.enable)}canRecognizeWith(e){return!!this.simultaneous[e.id]}emit(e){if(!e)return;let{state:t}=this;t<K.Ended&&this.manager.emit(this.options.event+H_(t),e),this.manager.emit(this.options.event,e),e.additionalEvent&&this.manager.emit(e.additionalEvent,e),t>=K.Ended&&this.manager.emit(this.options.event+H_(t),e)}tryEmit(e){this.canEmit()?this.emit(e):this.state=K.Failed}canEmit(){let e=0;for(;e<this.requireFail.length;){if(!(this.requireFail[e].state&(K.Failed|K.Possible)))return!1;e++}return!0}recognize(e){let t={...e};if(!this.options.enable){this.reset(),this.state=K.Failed;return}this.state&(K.Recognized|K.Cancelled|K.Failed)&&(this.state=K.Possible),this.state=this.process(t),this.state&(K.Began|K.Changed|K.Ended|K.Cancelled)&&this.tryEmit(t)}getEventNames(){return[this.options.event]}reset(){}};function $F(r){return Math.abs(((r+180)%360+360)%360-180)}function VF(r,e){return(e.distance===void 0||r.distance>=e.distance)&&(e.distancePerPointer===void 0||r.distancePerPointer.length>0&&r.distancePerPointer.every(t=>t>=e.distancePerPointer))&&(e.movementDeltaTime===void 0||r.movementDeltaTime>=e.movementDeltaTime)&&(e.rotation===void 0||$F(r.rotation)>=e.rotation)&&(e.scale===void 0||Math.abs(r.scale-1)>=e.scale)}var ms=class extends Mn{attrTest(e){let t=this.options.pointers;return t===0||e.pointers.length===t}coherentTest(e){let t=this.options.coherent;return!t?.length||t.some(n=>VF(e,n))}process(e){let{state:t}=this,{eventType:n}=e,i=t&(K.Began|K.Changed),o=this.attrTest(e);return i&&(n&ue.Cancel||!o)?t|K.Cancelled:i||o?n&ue.End?t|K.Ended:t&K.Began?t|K.Changed:K.Began:K.Failed}};var WF=["","start","move","end","cancel"],Ma=class extends Mn{constructor(e={}){super({enable:!0,event:"doubleclickdrag",pointers:1,interval:500,time:350,threshold:28,dragThreshold:1,pixelsPerScale:120,...e}),this._tapStart=null,this._lastTap=null,this._drag=null,this._emittedStart=!1}getTouchAction(){return[hs]}getEventNames(){return WF.map(e=>this.options.event+e)}process(e){let{options:t}=this;return e.pointers.length===t.pointers?e.eventType&ue.Start?this._handleStart(e):e.eventType&ue.Move?this._handleMove(e):e.eventType&ue.Cancel?this._handleEnd(e,!0):e.eventType&ue.End?this._handleEnd(e,!1):K.Failed:(this.reset(),K.Failed)}reset(){this._tapStart=null,this._lastTap=null,this._drag=null,this._emittedStart=!1}emit(e){if(e){if(this.state===K.Began){if(!this._drag?.active||this._emittedStart)return;this._emittedStart=!0,this.manager.emit(`${this.options.event}start`,e),this.manager.emit(this.options.event,e);return}if(this.state===K.Changed){if(!this._emittedStart)return;this.manager.emit(`${this.options.event}move`,e),this.manager.emit(this.options.event,e);return}if(this.state===K.Ended){if(!this._emittedStart)return;this.manager.emit(this.options.event,e),this.manager.emit(`${this.options.event}end`,e),this._emittedStart=!1;return}if(this.state===K.Cancelled){if(!this._emittedStart)return;this.manager.emit(this.options.event,e),this.manager.emit(`${this.options.event}cancel`,e),this._emittedStart=!1}}}_handleStart(e){let t=this._getPointerId(e);return this._lastTap&&this._isTapMatch(e,this._lastTap)?(this._tapStart=null,this._lastTap=null,this._drag={startCenter:e.center,pointerId:t,active:!1},this._emittedStart=!1,K.Began):(this._tapStart={center:e.center,timeStamp:e.timeStamp,pointerId:t},this._lastTap=null,this._drag=null,this._emittedStart=!1,K.Failed)}_handleMove(e){if(!this._drag||!this._isSamePointer(e,this._drag.pointerId))return K.Failed;let t=this._drag.startCenter.y-e.center.y;return!this._drag.active&&Math.abs(t)<this.options.dragThreshold?K.Began:(this._drag.active=!0,e.scale=Math.pow(2,t/this.options.pixelsPerScale),this._emittedStart?K.Changed:K.Began)}_handleEnd(e,t){if(this._drag&&this._isSamePointer(e,this._drag.pointerId)){let{active:n,startCenter:i}=this._drag;if(this._drag=null,this._tapStart=null,this._lastTap=null,!n)return this._emittedStart=!1,K.Failed;let o=i.y-e.center.y;return e.scale=Math.pow(2,o/this.options.pixelsPerScale),t?K.Cancelled:K.Ended}return!this._tapStart||!this._isSamePointer(e,this._tapStart.pointerId)?(t&&this.reset(),K.Failed):(this._isValidTap(e)?this._lastTap={center:e.center,timeStamp:e.timeStamp,pointerId:this._tapStart.pointerId}:this._lastTap=null,this._tapStart=null,K.Failed)}_isTapMatch(e,t){return e.timeStamp-t.timeStamp<=this.options.interval&&Aa(e.center,t.center)<=this.options.threshold}_isValidTap(e){return e.deltaTime<=this.options.time&&e.distance<=this.options.threshold}_getPointerId(e){return"pointerId"in e.srcEvent?e.srcEvent.pointerId:null}_isSamePointer(e,t){return t===null||this._getPointerId(e)===t}};var gs=class extends Mn{constructor(e={}){super({enable:!0,event:"tap",pointers:1,taps:1,interval:300,time:250,threshold:9,posThreshold:10,...e}),this.pTime=null,this.pCenter=null,this._timer=null,this._input=null,this.count=0}getTouchAction(){return[hs]}process(e){let{options:t}=this,n=e.pointers.length===t.pointers,i=e.distance<t.threshold,o=e.deltaTime<t.time;if(this.reset(),e.eventType&ue.Start&&this.count===0)return this.failTimeout();if(i&&o&&n){if(e.eventType!==ue.End)return this.failTimeout();let s=this.pTime?e.timeStamp-this.pTime<t.interval:!0,a=!this.pCenter||Aa(this.pCenter,e.center)<t.posThreshold;if(this.pTime=e.timeStamp,this.pCenter=e.center,!a||!s?this.count=1:this.count+=1,this._input=e,this.count%t.taps===0)return this.hasRequireFailures()?(this._timer=setTimeout(()=>{this.state=K.Recognized,this.tryEmit(this._input)},t.interval),K.Began):K.Recognized}return K.Failed}failTimeout(){return this._timer=setTimeout(()=>{this.state=K.Failed},this.options.interval),K.Failed}reset(){clearTimeout(this._timer)}emit(e){this.state===K.Recognized&&(e.tapCount=this.count,this.manager.emit(this.options.event,e))}};var Ra=class extends ms{constructor(){super(...arguments),this.wheelSession=null,this.wheelSessionUnsubscribe=null,this.handleWheelSessionEvent=e=>{e.device==="trackpad"&&this.handleTrackpadEvent(e)}}set(e){let{wheelSession:t,...n}=e;return t&&t!==this.wheelSession&&(this.wheelSessionUnsubscribe?.(),this.wheelSessionUnsubscribe=null,this.wheelSession=t),super.set(n),this.updateWheelSessionSubscription(),this}getTrackpadInput(e,t={}){let{srcEvent:n}=e,i=t.deltaX??e.deltaX,o=t.deltaY??e.deltaY,s=Ca(i,o),a=Math.sqrt(e.deltaX*e.deltaX+e.deltaY*e.deltaY),c=n;return{pointers:[c,c],changedPointers:[c,c],pointerType:"trackpad",srcEvent:c,eventType:e.eventType,timeStamp:e.timeStamp,deltaTime:e.deltaTime,center:e.center,deltaX:i,deltaY:o,angle:Math.atan2(o,i)*180/Math.PI,distance:Math.sqrt(i*i+o*o),distancePerPointer:[a,a],movementDeltaTime:e.deltaTime,scale:1,rotation:0,direction:s,offsetDirection:s,velocity:e.velocity,velocityX:e.velocityX,velocityY:e.velocityY,overallVelocity:e.overallVelocity,overallVelocityX:e.overallVelocityX,overallVelocityY:e.overallVelocityY,maxPointers:2,target:n.target||this.manager.element,additionalEvent:"",...t}}updateWheelSessionSubscription(){let e=!!(this.wheelSession&&this.options.enable&&this.options.trackpad&&this.options.pointers===2);e&&!this.wheelSessionUnsubscribe?this.wheelSessionUnsubscribe=this.wheelSession.on(this.handleWheelSessionEvent):!e&&this.wheelSessionUnsubscribe&&(this.wheelSessionUnsubscribe(),this.wheelSessionUnsubscribe=null)}};var jF=["","start","move","end","cancel","up","down","left","right"],ho=class extends Ra{constructor(e={}){super({enable:!0,pointers:1,event:"pan",threshold:10,direction:ft.All,trackpad:!1,coherent:[],...e}),this.trackpadGesture=!1,this.pX=null,this.pY=null}getTouchAction(){let{options:{direction:e}}=this,t=[];return e&ft.Horizontal&&t.push(Cl),e&ft.Vertical&&t.push(Al),t}getEventNames(){return jF.map(e=>this.options.event+e)}directionTest(e){let{options:t}=this,n=!0,{distance:i}=e,{direction:o}=e,s=e.deltaX,a=e.deltaY;return o&t.direction||(t.direction&ft.Horizontal?(o=s===0?ft.None:s<0?ft.Left:ft.Right,n=s!==this.pX,i=Math.abs(e.deltaX)):(o=a===0?ft.None:a<0?ft.Up:ft.Down,n=a!==this.pY,i=Math.abs(e.deltaY))),e.direction=o,n&&i>t.threshold&&!!(o&t.direction)}attrTest(e){let t=!!(this.state&K.Began),n=!(this.options.coherent?.length&&e.eventType&(ue.End|ue.Cancel));return super.attrTest(e)&&(t||n&&this.coherentTest(e)&&this.directionTest(e))}emit(e){this.pX=e.deltaX,this.pY=e.deltaY;let t=ft[e.direction].toLowerCase();t&&(e.additionalEvent=this.options.event+t),super.emit(e)}handleTrackpadEvent(e){e.isFirst&&(this.trackpadGesture=!e.srcEvent.ctrlKey,!this.trackpadGesture&&this.state&(K.Recognized|K.Cancelled|K.Failed)&&(this.state=K.Possible)),this.trackpadGesture&&(this.recognize(this.getTrackpadInput(e,{deltaX:-e.deltaX,deltaY:-e.deltaY,velocity:-e.velocity,velocityX:-e.velocityX,velocityY:-e.velocityY,overallVelocity:-e.overallVelocity,overallVelocityX:-e.overallVelocityX,overallVelocityY:-e.overallVelocityY})),e.isFinal&&(this.trackpadGesture=!1))}};var HF=["","start","move","end","cancel","in","out"],Ia=class extends Ra{constructor(e={}){super({enable:!0,event:"pinch",threshold:0,pointers:2,trackpad:!1,coherent:[],...e}),this.trackpadGesture=!1}getTouchAction(){return[ps]}getEventNames(){return HF.map(e=>this.options.event+e)}attrTest(e){let t=!!this.options.coherent?.length,n=!!(this.state&K.Began),i=!(t&&e.eventType&(ue.End|ue.Cancel));return super.attrTest(e)&&(n||i&&(t?this.coherentTest(e):Math.abs(e.scale-1)>this.options.threshold))}emit(e){if(e.scale!==1){let t=e.scale<1?"in":"out";e.additionalEvent=this.options.event+t}super.emit(e)}handleTrackpadEvent(e){e.isFirst&&(this.trackpadGesture=e.srcEvent.ctrlKey,!this.trackpadGesture&&this.state&(K.Recognized|K.Cancelled|K.Failed)&&(this.state=K.Possible)),this.trackpadGesture&&(this.recognize(this.getTrackpadInput(e,{deltaX:0,deltaY:0,velocity:0,velocityX:0,velocityY:0,overallVelocity:0,overallVelocityX:0,overallVelocityY:0,scale:Math.exp(-e.deltaY/100)})),e.isFinal&&(this.trackpadGesture=!1))}};var ci=class{constructor(e,t,n){this.element=e,this.callback=t,this.options=n}listen(e,t){t?this.element.addEventListener(e,this.handleEvent,{passive:!1}):this.element.removeEventListener(e,this.handleEvent)}};var PS=typeof navigator<"u"&&navigator.userAgent?navigator.userAgent.toLowerCase():"";var XF=PS.indexOf("firefox")!==-1,KF=40,QF=.25,rh=class extends ci{constructor(e,t,n){n.enable=n.enable??!1,super(e,t,n),this.handleEvent=i=>{if(!this.options.enable)return;let o=i.deltaY;globalThis.WheelEvent&&(XF&&i.deltaMode===globalThis.WheelEvent.DOM_DELTA_PIXEL&&(o/=globalThis.devicePixelRatio),i.deltaMode===globalThis.WheelEvent.DOM_DELTA_LINE&&(o*=KF)),i.shiftKey&&o&&(o=o*QF),this.callback({type:"wheel",center:{x:i.clientX,y:i.clientY},delta:-o,device:this.options.wheelSession?.device??"unknown",srcEvent:i,pointerType:"mouse",target:i.target})},n.enable&&(this.wheelSessionUnsubscribe=this.options.wheelSession?.on(()=>{}),this.listen("wheel",!0))}destroy(){this.listen("wheel",!1),this.wheelSessionUnsubscribe?.(),this.wheelSessionUnsubscribe=void 0}enableEventType(e,t){e==="wheel"&&this.options.enable!==t&&(this.options.enable=t,t&&!this.wheelSessionUnsubscribe&&(this.wheelSessionUnsubscribe=this.options.wheelSession?.on(()=>{})),this.listen("wheel",t),t||(this.wheelSessionUnsubscribe?.(),this.wheelSessionUnsubscribe=void 0))}};var JF=4.000244140625,SS=40,eU=0,tU=1,rU=40,TS=40,nU=120,iU={classificationDelay:32,endDelay:80},nh=class{constructor(e,t={}){this.subscriptions=new Map,this.session=null,this.classificationTimer=null,this.endTimer=null,this.pressedControlKeys=new Set,this.listeningForControlKeys=!1,this.handleEvent=n=>{if(!this.hasSubscribers)return"unknown";let i=sU(n,this.pressedControlKeys.size>0),o=this.session;if(o&&i.timeStamp-o.lastTimeStamp>=this.options.endDelay){if(this.end(),!this.hasSubscribers)return"unknown";o=null}o?(this.scheduleEnd(),this.addSample(o,i)):(o=this.startPendingSession(i),this.scheduleEnd());let{device:s}=o;return s==="unknown"&&(s=Y_(o.samples,!1),s!=="unknown"&&this.begin(o,s)),s},this.finishClassification=()=>{if(this.classificationTimer=null,!this.session||this.session.device!=="unknown")return;let n=this.session,i=Y_(n.samples,!0);this.begin(n,i==="unknown"?"mouse":i)},this.end=()=>{if(!this.session)return;if(this.session.device==="unknown"){let i=this.session,o=Y_(i.samples,!0);this.begin(i,o==="unknown"?"mouse":o)}if(!this.session)return;let n=this.session;this.emit(ue.End,n.lastEvent),this.reset()},this.handleKeyDown=n=>{n.key==="Control"&&this.pressedControlKeys.add(n.code||n.key)},this.handleKeyUp=n=>{n.key==="Control"&&(n.code?this.pressedControlKeys.delete(n.code):this.pressedControlKeys.clear())},this.handleWindowBlur=()=>{this.pressedControlKeys.clear()},this.element=e,this.options={...iU,...t},this.element?.addEventListener("wheel",this.handleEvent,{passive:!0})}get hasSubscribers(){return this.subscriptions.size>0}get device(){return this.session?.device??"unknown"}on(e){let t={listener:e};return this.subscriptions.set(e,t),this.updateControlKeyEventListeners(),()=>{this.subscriptions.get(e)===t&&this.off(e)}}off(e){this.subscriptions.delete(e),this.updateControlKeyEventListeners(),this.hasSubscribers||this.reset()}cancel(){let e=this.session;e&&e.device!=="unknown"&&this.emit(ue.Cancel,e.lastEvent),this.reset()}destroy(){this.cancel(),this.subscriptions.clear(),this.updateControlKeyEventListeners(),this.element?.removeEventListener("wheel",this.handleEvent)}startPendingSession(e){let t={samples:[e],device:"unknown",firstTimeStamp:e.timeStamp,lastTimeStamp:e.timeStamp,totalDeltaX:e.deltaX,totalDeltaY:e.deltaY,velocityX:0,velocityY:0,lastEvent:e.event};return this.session=t,this.classificationTimer=globalThis.setTimeout(this.finishClassification,this.options.classificationDelay),t}addSample(e,t){if(e.samples.push(t),e.lastTimeStamp=t.timeStamp,e.lastEvent=t.event,e.totalDeltaX+=t.deltaX,e.totalDeltaY+=t.deltaY,e.device!=="unknown"){let n=e.samples[e.samples.length-2],i=t.timeStamp-n.timeStamp;e.velocityX=i>0?t.deltaX/i:0,e.velocityY=i>0?t.deltaY/i:0,this.emit(ue.Move,t.event,{velocityX:e.velocityX,velocityY:e.velocityY})}}begin(e,t){e.device=t,this.clearClassificationTimer(),this.emit(ue.Start,e.samples[0].event);let n=e.lastTimeStamp-e.firstTimeStamp;e.velocityX=n>0?e.totalDeltaX/n:0,e.velocityY=n>0?e.totalDeltaY/n:0,this.emit(ue.Move,e.lastEvent,{velocityX:e.velocityX,velocityY:e.velocityY})}scheduleEnd(){this.clearEndTimer(),this.endTimer=globalThis.setTimeout(this.end,this.options.endDelay)}emit(e,t,n){let i=this.session;if(!i||i.device==="unknown")return;let o=e===ue.Start,s=e===ue.End||e===ue.Cancel,a=o?i.firstTimeStamp:i.lastTimeStamp,c=o?0:Math.max(0,a-i.firstTimeStamp),l=o?0:i.totalDeltaX,f=o?0:i.totalDeltaY,u=c>0?l/c:0,d=c>0?f/c:0,h=o?0:n?.velocityX??i.velocityX,p=o?0:n?.velocityY??i.velocityY,g={eventType:e,device:i.device,srcEvent:t,timeStamp:a,center:{x:t.clientX,y:t.clientY},deltaX:l,deltaY:f,deltaTime:c,velocity:Math.abs(h)>Math.abs(p)?h:p,velocityX:h,velocityY:p,overallVelocity:Math.abs(u)>Math.abs(d)?u:d,overallVelocityX:u,overallVelocityY:d,isFirst:o,isFinal:s};for(let{listener:y}of[...this.subscriptions.values()])y(g)}reset(){this.clearClassificationTimer(),this.clearEndTimer(),this.session=null}clearClassificationTimer(){this.classificationTimer!==null&&(globalThis.clearTimeout(this.classificationTimer),this.classificationTimer=null)}clearEndTimer(){this.endTimer!==null&&(globalThis.clearTimeout(this.endTimer),this.endTimer=null)}updateControlKeyEventListeners(){let e=this.hasSubscribers,t=oU();!t||e===this.listeningForControlKeys||(this.listeningForControlKeys=e,e?(t.addEventListener("keydown",this.handleKeyDown,!0),t.addEventListener("keyup",this.handleKeyUp,!0),t.addEventListener("blur",this.handleWindowBlur)):(t.removeEventListener("keydown",this.handleKeyDown,!0),t.removeEventListener("keyup",this.handleKeyUp,!0),t.removeEventListener("blur",this.handleWindowBlur),this.pressedControlKeys.clear()))}};function oU(){return typeof window<"u"?window:globalThis.document?.defaultView}function sU(r,e){let t=r.deltaX,n=r.deltaY;return r.deltaMode===tU&&(t*=SS,n*=SS),{event:r,timeStamp:r.timeStamp,deltaX:t,deltaY:n,isControlKeyDown:e}}function Y_(r,e){return r.some(({event:t,isControlKeyDown:n})=>t.ctrlKey&&!n)?"trackpad":r.some(({event:t})=>t.deltaMode!==eU)||r.some(aU)||r.every(({event:t})=>{let n=t.wheelDelta;return n!==void 0&&Math.abs(n)%40===0})?"mouse":r.some(({deltaX:t})=>t!==0)||r.length>1&&cU(r)?"trackpad":e?"mouse":"unknown"}function aU({event:r,deltaX:e,deltaY:t}){if(e!==0||t===0)return!1;let n=Math.abs(t/JF);if(Number.isInteger(n))return!0;let i=r.wheelDelta;return typeof i=="number"&&i!==0&&i%nU===0}function cU(r){for(let e=0;e<r.length;e++){let t=r[e];if(Math.abs(t.deltaX)>TS||Math.abs(t.deltaY)>TS||e>0&&t.timeStamp-r[e-1].timeStamp>rU)return!1}return!0}var LS=["mousedown","mousemove","mouseup","mouseover","mouseout","mouseenter","mouseleave"],ih=class extends ci{constructor(e,t,n){super(e,t,{enable:!0,...n}),this.handleEvent=o=>{this.handleOverEvent(o),this.handleOutEvent(o),this.handleEnterEvent(o),this.handleLeaveEvent(o),this.handleMoveEvent(o)},this.pressed=!1;let{enable:i=!1}=this.options;this.enableMoveEvent=i,this.enableLeaveEvent=i,this.enableEnterEvent=i,this.enableOutEvent=i,this.enableOverEvent=i,i&&LS.forEach(o=>this.listen(o,!0))}destroy(){LS.forEach(e=>this.listen(e,!1))}enableEventType(e,t){switch(e){case"pointermove":this.enableMoveEvent!==t&&(this.enableMoveEvent=t,this.listen("mousedown",t),this.listen("mousemove",t),this.listen("mouseup",t));break;case"pointerover":this.enableOverEvent!==t&&(this.enableOverEvent=t,this.listen("mouseover",t));break;case"pointerout":this.enableOutEvent!==t&&(this.enableOutEvent=t,this.listen("mouseout",t));break;case"pointerenter":this.enableEnterEvent!==t&&(this.enableEnterEvent=t,this.listen("mouseenter",t));break;case"pointerleave":this.enableLeaveEvent!==t&&(this.enableLeaveEvent=t,this.listen("mouseleave",t));break;default:}}handleOverEvent(e){this.enableOverEvent&&e.type==="mouseover"&&this._emit("pointerover",e)}handleOutEvent(e){this.enableOutEvent&&e.type==="mouseout"&&this._emit("pointerout",e)}handleEnterEvent(e){this.enableEnterEvent&&e.type==="mouseenter"&&this._emit("pointerenter",e)}handleLeaveEvent(e){this.enableLeaveEvent&&e.type==="mouseleave"&&this._emit("pointerleave",e)}handleMoveEvent(e){if(this.enableMoveEvent)switch(e.type){case"mousedown":e.button>=0&&(this.pressed=!0);break;case"mousemove":e.buttons===0&&(this.pressed=!1),this.pressed||this._emit("pointermove",e);break;case"mouseup":this.pressed=!1;break;default:}}_emit(e,t){this.callback({type:e,center:{x:t.clientX,y:t.clientY},srcEvent:t,pointerType:"mouse",target:t.target})}};var AS=["keydown","keyup"],oh=class extends ci{constructor(e,t,n){super(e,t,{enable:!0,tabIndex:0,...n}),this.handleEvent=o=>{let s=o.target||o.srcElement;s.tagName==="INPUT"&&s.type==="text"||s.tagName==="TEXTAREA"||(this.enableDownEvent&&o.type==="keydown"&&this.callback({type:"keydown",srcEvent:o,key:o.key,target:o.target}),this.enableUpEvent&&o.type==="keyup"&&this.callback({type:"keyup",srcEvent:o,key:o.key,target:o.target}))};let{enable:i=!1}=this.options;this.enableDownEvent=i,this.enableUpEvent=i,e.tabIndex=this.options.tabIndex,e.style.outline="none",i&&AS.forEach(o=>this.listen(o,!0))}destroy(){AS.forEach(e=>this.listen(e,!1))}enableEventType(e,t){e==="keydown"&&this.enableDownEvent!==t&&(this.enableDownEvent=t,this.listen(e,t)),e==="keyup"&&this.enableUpEvent!==t&&(this.enableUpEvent=t,this.listen(e,t))}};var sh=class extends ci{constructor(e,t,n){n.enable=n.enable??!1,super(e,t,n),this.handleEvent=i=>{this.options.enable&&this.callback({type:"contextmenu",center:{x:i.clientX,y:i.clientY},srcEvent:i,pointerType:"mouse",target:i.target})},n.enable&&this.listen("contextmenu",!0)}destroy(){this.listen("contextmenu",!1)}enableEventType(e,t){e==="contextmenu"&&this.options.enable!==t&&(this.options.enable=t,this.listen("contextmenu",t))}};var lU={pointerdown:1,pointermove:2,pointerup:4,mousedown:1,mousemove:2,mouseup:4},fU=0,uU=1,dU=2,hU=1,pU=2,mU=4;function CS(r){let e=lU[r.srcEvent.type];if(!e)return null;let{buttons:t,button:n}=r.srcEvent,i=!1,o=!1,s=!1;return e===2?(i=!!(t&hU),o=!!(t&mU),s=!!(t&pU)):(i=n===fU,o=n===uU,s=n===dU),{leftButton:i,middleButton:o,rightButton:s}}function MS(r,e){let t=r.center;if(!t)return null;let n=e.getBoundingClientRect(),i=n.width/e.offsetWidth||1,o=n.height/e.offsetHeight||1,s={x:(t.x-n.left-e.clientLeft)/i,y:(t.y-n.top-e.clientTop)/o};return{center:t,offsetCenter:s}}var gU={srcElement:"root",priority:0},ah=class{constructor(e,t){this.handleEvent=n=>{if(this.isEmpty())return;let i=this._normalizeEvent(n),o=n.srcEvent.target;for(;o&&o!==i.rootElement;){if(this._emit(i,o),i.handled)return;o=o.parentNode}this._emit(i,"root")},this.eventManager=e,this.recognizerName=t,this.handlers=[],this.handlersByElement=new Map,this._active=!1}isEmpty(){return!this._active}add(e,t,n,i=!1,o=!1){let{handlers:s,handlersByElement:a}=this,c={...gU,...n},l=a.get(c.srcElement);l||(l=[],a.set(c.srcElement,l));let f={type:e,handler:t,srcElement:c.srcElement,priority:c.priority};i&&(f.once=!0),o&&(f.passive=!0),s.push(f),this._active=this._active||!f.passive;let u=l.length-1;for(;u>=0&&!(l[u].priority>=f.priority);)u--;l.splice(u+1,0,f)}remove(e,t){let{handlers:n,handlersByElement:i}=this;for(let o=n.length-1;o>=0;o--){let s=n[o];if(s.type===e&&s.handler===t){n.splice(o,1);let a=i.get(s.srcElement);a.splice(a.indexOf(s),1),a.length===0&&i.delete(s.srcElement)}}this._active=n.some(o=>!o.passive)}_emit(e,t){let n=this.handlersByElement.get(t);if(n){let i=!1,o=()=>{e.handled=!0},s=()=>{e.handled=!0,i=!0},a=[];for(let c=0;c<n.length;c++){let{type:l,handler:f,once:u}=n[c];if(f({...e,type:l,stopPropagation:o,stopImmediatePropagation:s}),u&&a.push(n[c]),i)break}for(let c=0;c<a.length;c++){let{type:l,handler:f}=a[c];this.remove(l,f)}}}_normalizeEvent(e){let t=this.eventManager.getElement();return{...e,...CS(e),...MS(e,t),preventDefault:()=>{e.srcEvent.preventDefault()},stopImmediatePropagation:null,stopPropagation:null,handled:!1,rootElement:t}}};function yU(r){if("recognizer"in r)return r;let e,t=Array.isArray(r)?[...r]:[r];if(typeof t[0]=="function"){let n=t.shift(),i=t.shift()||{};e=new n(i)}else e=t.shift();return{recognizer:e,recognizeWith:typeof t[0]=="string"?[t[0]]:t[0],requireFailure:typeof t[1]=="string"?[t[1]]:t[1]}}var kl=class{constructor(e=null,t={}){if(this._onBasicInput=n=>{this.manager.emit(n.srcEvent.type,n)},this._onOtherEvent=n=>{this.manager.emit(n.type,n)},this.options={recognizers:[],events:{},touchAction:"compute",tabIndex:0,cssProps:{},...t},this.events=new Map,this.element=e,this.wheelSession=new nh(e),!!e){this.manager=new Bl(e,this.options);for(let n of this.options.recognizers){let{recognizer:i,recognizeWith:o,requireFailure:s}=yU(n);this.manager.add(i),o&&i.recognizeWith(o),s&&i.requireFailure(s)}this.manager.on("hammer.input",this._onBasicInput),this.wheelInput=new rh(e,this._onOtherEvent,{enable:!1,wheelSession:this.wheelSession}),this.moveInput=new ih(e,this._onOtherEvent,{enable:!1}),this.keyInput=new oh(e,this._onOtherEvent,{enable:!1,tabIndex:t.tabIndex}),this.contextmenuInput=new sh(e,this._onOtherEvent,{enable:!1}),this.on(this.options.events)}}getElement(){return this.element}destroy(){if(!this.element){this.wheelSession.destroy();return}this.wheelInput.destroy(),this.wheelSession.destroy(),this.moveInput.destroy(),this.keyInput.destroy(),this.contextmenuInput.destroy(),this.manager.destroy()}on(e,t,n){this._addEventHandler(e,t,n,!1)}once(e,t,n){this._addEventHandler(e,t,n,!0)}watch(e,t,n){this._addEventHandler(e,t,n,!1,!0)}off(e,t){this._removeEventHandler(e,t)}emit(e){this.manager?.emit(e.type,e)}_toggleRecognizer(e,t){let{manager:n}=this;if(!n)return;let i=n.get(e);i&&(i.set({enable:t,wheelSession:this.wheelSession}),n.touchAction.update()),this.wheelInput?.enableEventType(e,t),this.moveInput?.enableEventType(e,t),this.keyInput?.enableEventType(e,t),this.contextmenuInput?.enableEventType(e,t)}_addEventHandler(e,t,n,i,o){if(typeof e!="string"){n=t;for(let[l,f]of Object.entries(e))this._addEventHandler(l,f,n,i,o);return}let{manager:s,events:a}=this;if(!s)return;let c=a.get(e);if(!c){let l=this._getRecognizerName(e)||e;c=new ah(this,l),a.set(e,c),s&&s.on(e,c.handleEvent)}c.add(e,t,n,i,o),c.isEmpty()||this._toggleRecognizer(c.recognizerName,!0)}_removeEventHandler(e,t){if(typeof e!="string"){for(let[o,s]of Object.entries(e))this._removeEventHandler(o,s);return}let{events:n}=this,i=n.get(e);if(i&&(i.remove(e,t),i.isEmpty())){let{recognizerName:o}=i,s=!1;for(let a of n.values())if(a.recognizerName===o&&!a.isEmpty()){s=!0;break}s||this._toggleRecognizer(o,!1)}}_getRecognizerName(e){return this.manager.recognizers.find(t=>t.getEventNames().includes(e))?.options.event}};var q_={DEFAULT:"default",LNGLAT:"lnglat",METER_OFFSETS:"meter-offsets",LNGLAT_OFFSETS:"lnglat-offsets",CARTESIAN:"cartesian"};Object.defineProperty(q_,"IDENTITY",{get:()=>(pe.deprecated("COORDINATE_SYSTEM.IDENTITY","COORDINATE_SYSTEM.CARTESIAN")(),q_.CARTESIAN)});var Yt={WEB_MERCATOR:1,GLOBE:2,WEB_MERCATOR_AUTO_OFFSET:4,IDENTITY:0},mn={common:0,meters:1,pixels:2},Oa={click:"onClick",dblclick:"onClick",panstart:"onDragStart",panmove:"onDrag",panend:"onDragEnd"},Z_={multipan:[ho,{threshold:10,pointers:2,trackpad:!0}],pinch:[Ia,{trackpad:!0},null,["multipan"]],pan:[ho,{threshold:1},["pinch"],["multipan"]],dblclick:[gs,{event:"dblclick",taps:2,enable:!1}],dblclickdrag:[Ma,{event:"dblclickdrag",enable:!1},["dblclick"],null],click:[gs,{event:"click"},["dblclickdrag"],["dblclick","dblclickdrag"]]};function _U(r,e){if(r===e)return!0;if(Array.isArray(r)){let t=r.length;if(!e||e.length!==t)return!1;for(let n=0;n<t;n++)if(r[n]!==e[n])return!1;return!0}return!1}function li(r){let e={},t;return n=>{for(let i in n)if(!_U(n[i],e[i])){t=r(n),e=n;break}return t}}var RS=[0,0,0,0],bU=[1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,0],IS=[1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1],xU=[0,0,0],OS=[0,0,0],vU={default:-1,cartesian:0,lnglat:1,"meter-offsets":2,"lnglat-offsets":3};function ys(r){let e=vU[r];if(e===void 0)throw new Error(`Invalid coordinateSystem: ${r}`);return e}var wU=li(PU);function X_(r,e,t=OS){t.length<3&&(t=[t[0],t[1],0]);let n=t,i,o=!0;switch(e==="lnglat-offsets"||e==="meter-offsets"?i=t:i=r.isGeospatial?[Math.fround(r.longitude),Math.fround(r.latitude),0]:null,r.projectionMode){case Yt.WEB_MERCATOR:(e==="lnglat"||e==="cartesian")&&(i=[0,0,0],o=!1);break;case Yt.WEB_MERCATOR_AUTO_OFFSET:e==="lnglat"?n=i:e==="cartesian"&&(n=[Math.fround(r.center[0]),Math.fround(r.center[1]),0],i=r.unprojectPosition(n),n[0]-=t[0],n[1]-=t[1],n[2]-=t[2]);break;case Yt.IDENTITY:n=r.position.map(Math.fround),n[2]=n[2]||0;break;case Yt.GLOBE:o=!1,i=null;break;default:o=!1}return{geospatialOrigin:i,shaderCoordinateOrigin:n,offsetMode:o}}function EU(r,e,t){let{viewMatrixUncentered:n,projectionMatrix:i}=r,{viewMatrix:o,viewProjectionMatrix:s}=r,a=RS,c=RS,l=r.cameraPosition,{geospatialOrigin:f,shaderCoordinateOrigin:u,offsetMode:d}=X_(r,e,t);return d&&(c=r.projectPosition(f||u),l=[l[0]-c[0],l[1]-c[1],l[2]-c[2]],c[3]=1,a=Cn.transformMat4([],c,s),o=n||o,s=Nt.multiply([],i,o),s=Nt.multiply([],s,bU)),{viewMatrix:o,viewProjectionMatrix:s,projectionCenter:a,originCommon:c,cameraPosCommon:l,shaderCoordinateOrigin:u,geospatialOrigin:f}}function BS({viewport:r,devicePixelRatio:e=1,modelMatrix:t=null,coordinateSystem:n="default",coordinateOrigin:i=OS,autoWrapLongitude:o=!1}){n==="default"&&(n=r.isGeospatial?"lnglat":"cartesian");let s=wU({viewport:r,devicePixelRatio:e,coordinateSystem:n,coordinateOrigin:i});return s.wrapLongitude=o,s.modelMatrix=t||IS,s}function PU({viewport:r,devicePixelRatio:e,coordinateSystem:t,coordinateOrigin:n}){let{projectionCenter:i,viewProjectionMatrix:o,originCommon:s,cameraPosCommon:a,shaderCoordinateOrigin:c,geospatialOrigin:l}=EU(r,t,n),f=r.getDistanceScales(),u=[r.width*e,r.height*e],d=Cn.transformMat4([],[0,0,-r.focalDistance,1],r.projectionMatrix)[3]||1,h={coordinateSystem:ys(t),projectionMode:r.projectionMode,coordinateOrigin:c,commonOrigin:s.slice(0,3),center:i,pseudoMeters:!!r._pseudoMeters,viewportSize:u,devicePixelRatio:e,focalDistance:d,commonUnitsPerMeter:f.unitsPerMeter,commonUnitsPerWorldUnit:f.unitsPerMeter,commonUnitsPerWorldUnit2:xU,scale:r.scale,wrapLongitude:!1,viewProjectionMatrix:o,modelMatrix:IS,cameraPosition:a};if(l){let p=r.getDistanceScales(l);switch(t){case"meter-offsets":h.commonUnitsPerWorldUnit=p.unitsPerMeter,h.commonUnitsPerWorldUnit2=p.unitsPerMeter2;break;case"lnglat":case"lnglat-offsets":r._pseudoMeters||(h.commonUnitsPerMeter=p.unitsPerMeter),h.commonUnitsPerWorldUnit=p.unitsPerDegree,h.commonUnitsPerWorldUnit2=p.unitsPerDegree2;break;case"cartesian":h.commonUnitsPerWorldUnit=[1,1,p.unitsPerMeter[2]],h.commonUnitsPerWorldUnit2=[0,0,p.unitsPerMeter2[2]];break;default:break}}if(r.projectionMode===Yt.GLOBE&&t==="meter-offsets"){let y=n[0]*Math.PI/180,w=n[1]*Math.PI/180,x=Math.cos(w),b=((n[2]||0)/6370972+1)*256;h.commonOrigin=[Math.sin(y)*x*b,-Math.cos(y)*x*b,Math.sin(w)*b]}return h}var SU=["default","lnglat","meter-offsets","lnglat-offsets","cartesian"],TU=SU.map(r=>`const COORDINATE_SYSTEM_${r.toUpperCase().replaceAll("-","_")}: i32 = ${ys(r)};`).join(""),LU=Object.keys(Yt).map(r=>`const PROJECTION_MODE_${r}: i32 = ${Yt[r]};`).join(""),AU=Object.keys(mn).map(r=>`const UNIT_${r.toUpperCase()}: i32 = ${mn[r]};`).join(""),CU=`${TU}
${LU}
${AU}

const TILE_SIZE: f32 = 512.0;
const PI: f32 = 3.1415926536;
const WORLD_SCALE: f32 = TILE_SIZE / (PI * 2.0);
const ZERO_64_LOW: vec3<f32> = vec3<f32>(0.0, 0.0, 0.0);
const EARTH_RADIUS: f32 = 6370972.0; // meters
const GLOBE_RADIUS: f32 = 256.0;

// -----------------------------------------------------------------------------
// Uniform block (converted from GLSL uniform block)
// -----------------------------------------------------------------------------
struct ProjectUniforms {
  wrapLongitude: i32,
  coordinateSystem: i32,
  commonUnitsPerMeter: vec3<f32>,
  projectionMode: i32,
  scale: f32,
  commonUnitsPerWorldUnit: vec3<f32>,
  commonUnitsPerWorldUnit2: vec3<f32>,
  center: vec4<f32>,
  modelMatrix: mat4x4<f32>,
  viewProjectionMatrix: mat4x4<f32>,
  viewportSize: vec2<f32>,
  devicePixelRatio: f32,
  focalDistance: f32,
  cameraPosition: vec3<f32>,
  coordinateOrigin: vec3<f32>,
  commonOrigin: vec3<f32>,
  pseudoMeters: i32,
};

@group(0) @binding(auto)
var<uniform> project: ProjectUniforms;

// -----------------------------------------------------------------------------
// Geometry data shared across the project helpers.
// The active layer shader is responsible for populating this private module
// state before calling the project functions below.
// -----------------------------------------------------------------------------

// Structure to carry additional geometry data used by deck.gl filters.
struct Geometry {
  worldPosition: vec3<f32>,
  worldPositionAlt: vec3<f32>,
  position: vec4<f32>,
  normal: vec3<f32>,
  uv: vec2<f32>,
  pickingColor: vec3<f32>,
};

var<private> geometry: Geometry;
`,kS=`${CU}

// -----------------------------------------------------------------------------
// Functions
// -----------------------------------------------------------------------------

// Returns an adjustment factor for commonUnitsPerMeter
fn _project_size_at_latitude(lat: f32) -> f32 {
  let y = clamp(lat, -89.9, 89.9);
  return 1.0 / cos(radians(y));
}

// Overloaded version: scales a value in meters at a given latitude.
fn _project_size_at_latitude_m(meters: f32, lat: f32) -> f32 {
  return meters * project.commonUnitsPerMeter.z * _project_size_at_latitude(lat);
}

// Computes a non-linear scale factor based on geometry.
// (Note: This function relies on "geometry" being provided.)
fn project_size() -> f32 {
  if (project.projectionMode == PROJECTION_MODE_WEB_MERCATOR &&
      project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT &&
      project.pseudoMeters == 0) {
    if (geometry.position.w == 0.0) {
      return _project_size_at_latitude(geometry.worldPosition.y);
    }
    let y: f32 = geometry.position.y / TILE_SIZE * 2.0 - 1.0;
    let y2 = y * y;
    let y4 = y2 * y2;
    let y6 = y4 * y2;
    return 1.0 + 4.9348 * y2 + 4.0587 * y4 + 1.5642 * y6;
  }
  return 1.0;
}

// Overloads to scale offsets (meters to world units)
fn project_size_float(meters: f32) -> f32 {
  return meters * project.commonUnitsPerMeter.z * project_size();
}

fn project_size_vec2(meters: vec2<f32>) -> vec2<f32> {
  return meters * project.commonUnitsPerMeter.xy * project_size();
}

fn project_size_vec3(meters: vec3<f32>) -> vec3<f32> {
  return meters * project.commonUnitsPerMeter * project_size();
}

fn project_size_vec4(meters: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(meters.xyz * project.commonUnitsPerMeter, meters.w);
}

// Returns a rotation matrix aligning the z\u2011axis with the given up vector.
fn project_get_orientation_matrix(up: vec3<f32>) -> mat3x3<f32> {
  let uz = normalize(up);
  let ux = select(
    vec3<f32>(1.0, 0.0, 0.0),
    normalize(vec3<f32>(uz.y, -uz.x, 0.0)),
    abs(uz.z) == 1.0
  );
  let uy = cross(uz, ux);
  return mat3x3<f32>(ux, uy, uz);
}

// Since WGSL does not support "out" parameters, we return a struct.
struct RotationResult {
  needsRotation: bool,
  transform: mat3x3<f32>,
};

fn project_needs_rotation(commonPosition: vec3<f32>) -> RotationResult {
  if (project.projectionMode == PROJECTION_MODE_GLOBE) {
    return RotationResult(true, project_get_orientation_matrix(commonPosition));
  } else {
    return RotationResult(false, mat3x3<f32>());  // identity alternative if needed
  };
}

// Projects a normal vector from the current coordinate system to world space.
fn project_normal(vector: vec3<f32>) -> vec3<f32> {
  let normal_modelspace = project.modelMatrix * vec4<f32>(vector, 0.0);
  var n = normalize(normal_modelspace.xyz * project.commonUnitsPerMeter);
  let rotResult = project_needs_rotation(geometry.position.xyz);
  if (rotResult.needsRotation) {
    n = rotResult.transform * n;
  }
  return n;
}

// Applies a scale offset based on y-offset (dy)
fn project_offset_(offset: vec4<f32>) -> vec4<f32> {
  let dy: f32 = offset.y;
  let commonUnitsPerWorldUnit = project.commonUnitsPerWorldUnit + project.commonUnitsPerWorldUnit2 * dy;
  return vec4<f32>(offset.xyz * commonUnitsPerWorldUnit, offset.w);
}

// Projects lng/lat coordinates to a unit tile [0,1]
fn project_mercator_(lnglat: vec2<f32>) -> vec2<f32> {
  var x = lnglat.x;
  if (project.wrapLongitude != 0) {
    x = ((x + 180.0) % 360.0) - 180.0;
  }
  let y = clamp(lnglat.y, -89.9, 89.9);
  return vec2<f32>(
    radians(x) + PI,
    PI + log(tan_fp32(PI * 0.25 + radians(y) * 0.5))
  ) * WORLD_SCALE;
}

// Projects lng/lat/z coordinates for a globe projection.
fn project_globe_(lnglatz: vec3<f32>) -> vec3<f32> {
  let lambda = radians(lnglatz.x);
  let phi = radians(lnglatz.y);
  let cosPhi = cos(phi);
  let D = (lnglatz.z / EARTH_RADIUS + 1.0) * GLOBE_RADIUS;
  return vec3<f32>(
    sin(lambda) * cosPhi,
    -cos(lambda) * cosPhi,
    sin(phi)
  ) * D;
}

// Projects positions (with an optional 64-bit low part) from the input
// coordinate system to the common space.
fn project_position_vec4_f64(position: vec4<f32>, position64Low: vec3<f32>) -> vec4<f32> {
  var position_world = project.modelMatrix * position;

  // Work around for a Mac+NVIDIA bug:
  if (project.projectionMode == PROJECTION_MODE_WEB_MERCATOR) {
    if (project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT) {
      return vec4<f32>(
        project_mercator_(position_world.xy),
        _project_size_at_latitude_m(position_world.z, position_world.y),
        position_world.w
      );
    }
    if (project.coordinateSystem == COORDINATE_SYSTEM_CARTESIAN) {
      position_world = vec4f(position_world.xyz + project.coordinateOrigin, position_world.w);
    }
  }
  if (project.projectionMode == PROJECTION_MODE_GLOBE) {
    if (project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT) {
      return vec4<f32>(
        project_globe_(position_world.xyz),
        position_world.w
      );
    }
    if (project.coordinateSystem == COORDINATE_SYSTEM_METER_OFFSETS) {
      let enuMatrix = project_get_orientation_matrix(project.commonOrigin);
      let metersToCommon = GLOBE_RADIUS / EARTH_RADIUS;
      let offsetCommon = (enuMatrix * vec3<f32>(-position_world.x, -position_world.y, position_world.z)) * metersToCommon;
      return vec4<f32>(project.commonOrigin + offsetCommon, position_world.w);
    }
  }
  if (project.projectionMode == PROJECTION_MODE_WEB_MERCATOR_AUTO_OFFSET) {
    if (project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT) {
      if (abs(position_world.y - project.coordinateOrigin.y) > 0.25) {
        return vec4<f32>(
          project_mercator_(position_world.xy) - project.commonOrigin.xy,
          project_size_float(position_world.z),
          position_world.w
        );
      }
    }
  }
  if (project.projectionMode == PROJECTION_MODE_IDENTITY ||
      (project.projectionMode == PROJECTION_MODE_WEB_MERCATOR_AUTO_OFFSET &&
       (project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT ||
        project.coordinateSystem == COORDINATE_SYSTEM_CARTESIAN))) {
    position_world = vec4f(position_world.xyz - project.coordinateOrigin, position_world.w);
  }

  return project_offset_(position_world) +
         project_offset_(project.modelMatrix * vec4<f32>(position64Low, 0.0));
}

// Overloaded versions for different input types.
fn project_position_vec4_f32(position: vec4<f32>) -> vec4<f32> {
  return project_position_vec4_f64(position, ZERO_64_LOW);
}

fn project_position_vec3_f64(position: vec3<f32>, position64Low: vec3<f32>) -> vec3<f32> {
  let projected_position = project_position_vec4_f64(vec4<f32>(position, 1.0), position64Low);
  return projected_position.xyz;
}

fn project_position_vec3_f32(position: vec3<f32>) -> vec3<f32> {
  let projected_position = project_position_vec4_f64(vec4<f32>(position, 1.0), ZERO_64_LOW);
  return projected_position.xyz;
}

fn project_position_vec2_f32(position: vec2<f32>) -> vec2<f32> {
  let projected_position = project_position_vec4_f64(vec4<f32>(position, 0.0, 1.0), ZERO_64_LOW);
  return projected_position.xy;
}

// Transforms a common space position to clip space.
fn project_common_position_to_clipspace_with_projection(position: vec4<f32>, viewProjectionMatrix: mat4x4<f32>, center: vec4<f32>) -> vec4<f32> {
  var clipPosition = viewProjectionMatrix * position + center;
  // deck.gl projection matrices use WebGL's [-w, w] depth range; WebGPU clips z to [0, w].
  clipPosition.z = (clipPosition.z + clipPosition.w) * 0.5;
  return clipPosition;
}

// Uses the project viewProjectionMatrix and center.
fn project_common_position_to_clipspace(position: vec4<f32>) -> vec4<f32> {
  return project_common_position_to_clipspace_with_projection(position, project.viewProjectionMatrix, project.center);
}

// Returns a clip space offset corresponding to a given number of screen pixels.
fn project_pixel_size_to_clipspace(pixels: vec2<f32>) -> vec2<f32> {
  let offset = pixels / project.viewportSize * project.devicePixelRatio * 2.0;
  return offset * project.focalDistance;
}

fn project_meter_size_to_pixel(meters: f32) -> f32 {
  return project_size_float(meters) * project.scale;
}

fn project_unit_size_to_pixel(size: f32, unit: i32) -> f32 {
  if (unit == UNIT_METERS) {
    return project_meter_size_to_pixel(size);
  } else if (unit == UNIT_COMMON) {
    return size * project.scale;
  }
  // UNIT_PIXELS: no scaling applied.
  return size;
}

fn project_pixel_size_float(pixels: f32) -> f32 {
  return pixels / project.scale;
}

fn project_pixel_size_vec2(pixels: vec2<f32>) -> vec2<f32> {
  return pixels / project.scale;
}
`;var MU=["default","lnglat","meter-offsets","lnglat-offsets","cartesian"],RU=MU.map(r=>`const int COORDINATE_SYSTEM_${r.toUpperCase().replaceAll("-","_")} = ${ys(r)};`).join(""),IU=Object.keys(Yt).map(r=>`const int PROJECTION_MODE_${r} = ${Yt[r]};`).join(""),OU=Object.keys(mn).map(r=>`const int UNIT_${r.toUpperCase()} = ${mn[r]};`).join(""),DS=`${RU}
${IU}
${OU}
layout(std140) uniform projectUniforms {
bool wrapLongitude;
int coordinateSystem;
vec3 commonUnitsPerMeter;
int projectionMode;
float scale;
vec3 commonUnitsPerWorldUnit;
vec3 commonUnitsPerWorldUnit2;
vec4 center;
mat4 modelMatrix;
mat4 viewProjectionMatrix;
vec2 viewportSize;
float devicePixelRatio;
float focalDistance;
vec3 cameraPosition;
vec3 coordinateOrigin;
vec3 commonOrigin;
bool pseudoMeters;
} project;
const float TILE_SIZE = 512.0;
const float PI = 3.1415926536;
const float WORLD_SCALE = TILE_SIZE / (PI * 2.0);
const vec3 ZERO_64_LOW = vec3(0.0);
const float EARTH_RADIUS = 6370972.0;
const float GLOBE_RADIUS = 256.0;
float project_size_at_latitude(float lat) {
float y = clamp(lat, -89.9, 89.9);
return 1.0 / cos(radians(y));
}
float project_size() {
if (project.projectionMode == PROJECTION_MODE_WEB_MERCATOR &&
project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT &&
project.pseudoMeters == false) {
if (geometry.position.w == 0.0) {
return project_size_at_latitude(geometry.worldPosition.y);
}
float y = geometry.position.y / TILE_SIZE * 2.0 - 1.0;
float y2 = y * y;
float y4 = y2 * y2;
float y6 = y4 * y2;
return 1.0 + 4.9348 * y2 + 4.0587 * y4 + 1.5642 * y6;
}
return 1.0;
}
float project_size_at_latitude(float meters, float lat) {
return meters * project.commonUnitsPerMeter.z * project_size_at_latitude(lat);
}
float project_size(float meters) {
return meters * project.commonUnitsPerMeter.z * project_size();
}
vec2 project_size(vec2 meters) {
return meters * project.commonUnitsPerMeter.xy * project_size();
}
vec3 project_size(vec3 meters) {
return meters * project.commonUnitsPerMeter * project_size();
}
vec4 project_size(vec4 meters) {
return vec4(meters.xyz * project.commonUnitsPerMeter, meters.w);
}
mat3 project_get_orientation_matrix(vec3 up) {
vec3 uz = normalize(up);
vec3 ux = abs(uz.z) == 1.0 ? vec3(1.0, 0.0, 0.0) : normalize(vec3(uz.y, -uz.x, 0));
vec3 uy = cross(uz, ux);
return mat3(ux, uy, uz);
}
bool project_needs_rotation(vec3 commonPosition, out mat3 transform) {
if (project.projectionMode == PROJECTION_MODE_GLOBE) {
transform = project_get_orientation_matrix(commonPosition);
return true;
}
return false;
}
vec3 project_normal(vec3 vector) {
vec4 normal_modelspace = project.modelMatrix * vec4(vector, 0.0);
vec3 n = normalize(normal_modelspace.xyz * project.commonUnitsPerMeter);
mat3 rotation;
if (project_needs_rotation(geometry.position.xyz, rotation)) {
n = rotation * n;
}
return n;
}
vec4 project_offset_(vec4 offset) {
float dy = offset.y;
vec3 commonUnitsPerWorldUnit = project.commonUnitsPerWorldUnit + project.commonUnitsPerWorldUnit2 * dy;
return vec4(offset.xyz * commonUnitsPerWorldUnit, offset.w);
}
vec2 project_mercator_(vec2 lnglat) {
float x = lnglat.x;
if (project.wrapLongitude) {
x = mod(x + 180., 360.0) - 180.;
}
float y = clamp(lnglat.y, -89.9, 89.9);
return vec2(
radians(x) + PI,
PI + log(tan_fp32(PI * 0.25 + radians(y) * 0.5))
) * WORLD_SCALE;
}
vec3 project_globe_(vec3 lnglatz) {
float lambda = radians(lnglatz.x);
float phi = radians(lnglatz.y);
float cosPhi = cos(phi);
float D = (lnglatz.z / EARTH_RADIUS + 1.0) * GLOBE_RADIUS;
return vec3(
sin(lambda) * cosPhi,
-cos(lambda) * cosPhi,
sin(phi)
) * D;
}
vec4 project_position(vec4 position, vec3 position64Low) {
vec4 position_world = project.modelMatrix * position;
if (project.projectionMode == PROJECTION_MODE_WEB_MERCATOR) {
if (project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT) {
return vec4(
project_mercator_(position_world.xy),
project_size_at_latitude(position_world.z, position_world.y),
position_world.w
);
}
if (project.coordinateSystem == COORDINATE_SYSTEM_CARTESIAN) {
position_world.xyz += project.coordinateOrigin;
}
}
if (project.projectionMode == PROJECTION_MODE_GLOBE) {
if (project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT) {
return vec4(
project_globe_(position_world.xyz),
position_world.w
);
}
if (project.coordinateSystem == COORDINATE_SYSTEM_METER_OFFSETS) {
mat3 enuMatrix = project_get_orientation_matrix(project.commonOrigin);
float metersToCommon = GLOBE_RADIUS / EARTH_RADIUS;
vec3 offsetCommon = (enuMatrix * vec3(-position_world.xy, position_world.z)) * metersToCommon;
return vec4(project.commonOrigin + offsetCommon, position_world.w);
}
}
if (project.projectionMode == PROJECTION_MODE_WEB_MERCATOR_AUTO_OFFSET) {
if (project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT) {
if (abs(position_world.y - project.coordinateOrigin.y) > 0.25) {
return vec4(
project_mercator_(position_world.xy) - project.commonOrigin.xy,
project_size(position_world.z),
position_world.w
);
}
}
}
if (project.projectionMode == PROJECTION_MODE_IDENTITY ||
(project.projectionMode == PROJECTION_MODE_WEB_MERCATOR_AUTO_OFFSET &&
(project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT ||
project.coordinateSystem == COORDINATE_SYSTEM_CARTESIAN))) {
position_world.xyz -= project.coordinateOrigin;
}
return project_offset_(position_world) + project_offset_(project.modelMatrix * vec4(position64Low, 0.0));
}
vec4 project_position(vec4 position) {
return project_position(position, ZERO_64_LOW);
}
vec3 project_position(vec3 position, vec3 position64Low) {
vec4 projected_position = project_position(vec4(position, 1.0), position64Low);
return projected_position.xyz;
}
vec3 project_position(vec3 position) {
vec4 projected_position = project_position(vec4(position, 1.0), ZERO_64_LOW);
return projected_position.xyz;
}
vec2 project_position(vec2 position) {
vec4 projected_position = project_position(vec4(position, 0.0, 1.0), ZERO_64_LOW);
return projected_position.xy;
}
vec4 project_common_position_to_clipspace(vec4 position, mat4 viewProjectionMatrix, vec4 center) {
return viewProjectionMatrix * position + center;
}
vec4 project_common_position_to_clipspace(vec4 position) {
return project_common_position_to_clipspace(position, project.viewProjectionMatrix, project.center);
}
vec2 project_pixel_size_to_clipspace(vec2 pixels) {
vec2 offset = pixels / project.viewportSize * project.devicePixelRatio * 2.0;
return offset * project.focalDistance;
}
float project_size_to_pixel(float meters) {
return project_size(meters) * project.scale;
}
vec2 project_size_to_pixel(vec2 meters) {
return project_size(meters) * project.scale;
}
float project_size_to_pixel(float size, int unit) {
if (unit == UNIT_METERS) return project_size_to_pixel(size);
if (unit == UNIT_COMMON) return size * project.scale;
return size;
}
float project_pixel_size(float pixels) {
return pixels / project.scale;
}
vec2 project_pixel_size(vec2 pixels) {
return pixels / project.scale;
}
`;var BU={};function kU(r=BU){return"viewport"in r?BS(r):{}}var ki={name:"project",dependencies:[us,Kd],source:kS,vs:DS,getUniforms:kU,uniformTypes:{wrapLongitude:"f32",coordinateSystem:"i32",commonUnitsPerMeter:"vec3<f32>",projectionMode:"i32",scale:"f32",commonUnitsPerWorldUnit:"vec3<f32>",commonUnitsPerWorldUnit2:"vec3<f32>",center:"vec4<f32>",modelMatrix:"mat4x4<f32>",viewProjectionMatrix:"mat4x4<f32>",viewportSize:"vec2<f32>",devicePixelRatio:"f32",focalDistance:"f32",cameraPosition:"vec3<f32>",coordinateOrigin:"vec3<f32>",commonOrigin:"vec3<f32>",pseudoMeters:"f32"}};var DU=`// Define a structure to hold both the clip-space position and the common position.
struct ProjectResult {
  clipPosition: vec4<f32>,
  commonPosition: vec4<f32>,
};

// This function mimics the GLSL version with the 'out' parameter by returning both values.
fn project_position_to_clipspace_and_commonspace(
    position: vec3<f32>,
    position64Low: vec3<f32>,
    offset: vec3<f32>
) -> ProjectResult {
  // Compute the projected position.
  let projectedPosition: vec3<f32> = project_position_vec3_f64(position, position64Low);

  // Start with the provided offset.
  var finalOffset: vec3<f32> = offset;

  // Get whether a rotation is needed and the rotation matrix.
  let rotationResult = project_needs_rotation(projectedPosition);

  // If rotation is needed, update the offset.
  if (rotationResult.needsRotation) {
    finalOffset = rotationResult.transform * offset;
  }

  // Compute the common position.
  let commonPosition: vec4<f32> = vec4<f32>(projectedPosition + finalOffset, 1.0);

  // Convert to clip-space.
  let clipPosition: vec4<f32> = project_common_position_to_clipspace(commonPosition);

  return ProjectResult(clipPosition, commonPosition);
}

// A convenience overload that returns only the clip-space position.
fn project_position_to_clipspace(
    position: vec3<f32>,
    position64Low: vec3<f32>,
    offset: vec3<f32>
) -> vec4<f32> {
  return project_position_to_clipspace_and_commonspace(position, position64Low, offset).clipPosition;
}
`,NU=`vec4 project_position_to_clipspace(
  vec3 position, vec3 position64Low, vec3 offset, out vec4 commonPosition
) {
  vec3 projectedPosition = project_position(position, position64Low);
  mat3 rotation;
  if (project_needs_rotation(projectedPosition, rotation)) {
    // offset is specified as ENU
    // when in globe projection, rotate offset so that the ground alighs with the surface of the globe
    offset = rotation * offset;
  }
  commonPosition = vec4(projectedPosition + offset, 1.0);
  return project_common_position_to_clipspace(commonPosition);
}

vec4 project_position_to_clipspace(
  vec3 position, vec3 position64Low, vec3 offset
) {
  vec4 commonPosition;
  return project_position_to_clipspace(position, position64Low, offset, commonPosition);
}
`,fi={name:"project32",dependencies:[ki],source:DU,vs:NU};Ft();Ft();function K_(){return[1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1]}function po(r,e){let t=Cn.transformMat4([],e,r);return Cn.scale(t,t,1/t[3]),t}function Dl(r,e,t){return r<e?e:r>t?t:r}function FU(r){return Math.log(r)*Math.LOG2E}var Nl=Math.log2||FU;Ft();function Rn(r,e){if(!r)throw new Error(e||"@math.gl/web-mercator: assertion failed.")}var In=Math.PI,NS=In/4,gn=In/180,Q_=180/In,Ba=512,ch=4003e4,ka=85.051129,FS=1.5;function J_(r){return Nl(r)}function Pr(r){let[e,t]=r;Rn(Number.isFinite(e)),Rn(Number.isFinite(t)&&t>=-90&&t<=90,"invalid latitude");let n=e*gn,i=t*gn,o=Ba*(n+In)/(2*In),s=Ba*(In+Math.log(Math.tan(NS+i*.5)))/(2*In);return[o,s]}function Xr(r){let[e,t]=r,n=e/Ba*(2*In)-In,i=2*(Math.atan(Math.exp(t/Ba*(2*In)-In))-NS);return[n*Q_,i*Q_]}function eb(r){let{latitude:e}=r;Rn(Number.isFinite(e));let t=Math.cos(e*gn);return J_(ch*t)-9}function Fl(r){let e=Math.cos(r*gn);return Ba/ch/e}function Da(r){let{latitude:e,longitude:t,highPrecision:n=!1}=r;Rn(Number.isFinite(e)&&Number.isFinite(t));let i=Ba,o=Math.cos(e*gn),s=i/360,a=s/o,c=i/ch/o,l={unitsPerMeter:[c,c,c],metersPerUnit:[1/c,1/c,1/c],unitsPerDegree:[s,a,c],degreesPerUnit:[1/s,1/a,1/c]};if(n){let f=gn*Math.tan(e*gn)/o,u=s*f/2,d=i/ch*f,h=d/a*c;l.unitsPerDegree2=[0,u,d],l.unitsPerMeter2=[h,0,h]}return l}function Ul(r,e){let[t,n,i]=r,[o,s,a]=e,{unitsPerMeter:c,unitsPerMeter2:l}=Da({longitude:t,latitude:n,highPrecision:!0}),f=Pr(r);f[0]+=o*(c[0]+l[0]*s),f[1]+=s*(c[1]+l[1]*s);let u=Xr(f),d=(i||0)+(a||0);return Number.isFinite(i)||Number.isFinite(a)?[u[0],u[1],d]:u}function lh(r){let{height:e,pitch:t,bearing:n,altitude:i,scale:o,center:s}=r,a=K_();Nt.translate(a,a,[0,0,-i]),Nt.rotateX(a,a,-t*gn),Nt.rotateZ(a,a,n*gn);let c=o/e;return Nt.scale(a,a,[c,c,c]),s&&Nt.translate(a,a,fs.negate([],s)),a}function tb(r){let{width:e,height:t,altitude:n,pitch:i=0,offset:o,center:s,scale:a,nearZMultiplier:c=1,farZMultiplier:l=1}=r,{fovy:f=_s(FS)}=r;n!==void 0&&(f=_s(n));let u=f*gn,d=i*gn,h=zl(f),p=h;s&&(p+=s[2]*a/Math.cos(d)/t);let g=u*(.5+(o?o[1]:0)/t),y=Math.sin(g)*p/Math.sin(Dl(Math.PI/2-d-g,.01,Math.PI-.01)),w=Math.sin(d)*y+p,x=p*10,b=Math.min(w*l,x);return{fov:u,aspect:e/t,focalDistance:h,near:c,far:b}}function _s(r){return 2*Math.atan(.5/r)*Q_}function zl(r){return .5/Math.tan(.5*r*gn)}function mo(r,e){let[t,n,i=0]=r;return Rn(Number.isFinite(t)&&Number.isFinite(n)&&Number.isFinite(i)),po(e,[t,n,i,1])}function ui(r,e,t=0){let[n,i,o]=r;if(Rn(Number.isFinite(n)&&Number.isFinite(i),"invalid pixel coordinate"),Number.isFinite(o))return po(e,[n,i,o,1]);let s=po(e,[n,i,0,1]),a=po(e,[n,i,1,1]),c=s[2],l=a[2],f=c===l?0:((t||0)-c)/(l-c);return Er.lerp([],s,a,f)}function fh(r){let{width:e,height:t,bounds:n,minExtent:i=0,maxZoom:o=24,offset:s=[0,0]}=r,[[a,c],[l,f]]=n,u=UU(r.padding),d=Pr([a,Dl(f,-ka,ka)]),h=Pr([l,Dl(c,-ka,ka)]),p=[Math.max(Math.abs(h[0]-d[0]),i),Math.max(Math.abs(h[1]-d[1]),i)],g=[e-u.left-u.right-Math.abs(s[0])*2,t-u.top-u.bottom-Math.abs(s[1])*2];Rn(g[0]>0&&g[1]>0);let y=g[0]/p[0],w=g[1]/p[1],x=(u.right-u.left)/2/y,b=(u.top-u.bottom)/2/w,v=[(h[0]+d[0])/2+x,(h[1]+d[1])/2+b],T=Xr(v),L=Math.min(o,Nl(Math.abs(Math.min(y,w))));return Rn(Number.isFinite(L)),{longitude:T[0],latitude:T[1],zoom:L}}function UU(r=0){return typeof r=="number"?{top:r,bottom:r,left:r,right:r}:(Rn(Number.isFinite(r.top)&&Number.isFinite(r.bottom)&&Number.isFinite(r.left)&&Number.isFinite(r.right)),r)}Ft();var US=Math.PI/180;function uh(r,e=0){let{width:t,height:n,unproject:i}=r,o={targetZ:e},s=i([0,n],o),a=i([t,n],o),c,l,f=r.fovy?.5*r.fovy*US:Math.atan(.5/r.altitude),u=(90-r.pitch)*US;return f>u-.01?(c=zS(r,0,e),l=zS(r,t,e)):(c=i([0,0],o),l=i([t,0],o)),[s,a,l,c]}function zS(r,e,t){let{pixelUnprojectionMatrix:n}=r,i=po(n,[e,0,1,1]),o=po(n,[e,r.height,1,1]),a=(t*r.distanceScales.unitsPerMeter[2]-i[2])/(o[2]-i[2]),c=Er.lerp([],i,o,a),l=Xr(c);return l.push(t),l}var $S=`
layout(std140) uniform shadowUniforms {
  bool drawShadowMap;
  bool useShadowMap;
  vec4 color;
  highp int lightId;
  float lightCount;
  mat4 viewProjectionMatrix0;
  mat4 viewProjectionMatrix1;
  vec4 projectCenter0;
  vec4 projectCenter1;
} shadow;
`,$U=`
const int max_lights = 2;

out vec3 shadow_vPosition[max_lights];

vec4 shadow_setVertexPosition(vec4 position_commonspace) {
  mat4 viewProjectionMatrices[max_lights];
  viewProjectionMatrices[0] = shadow.viewProjectionMatrix0;
  viewProjectionMatrices[1] = shadow.viewProjectionMatrix1;
  vec4 projectCenters[max_lights];
  projectCenters[0] = shadow.projectCenter0;
  projectCenters[1] = shadow.projectCenter1;

  if (shadow.drawShadowMap) {
    return project_common_position_to_clipspace(position_commonspace, viewProjectionMatrices[shadow.lightId], projectCenters[shadow.lightId]);
  }
  if (shadow.useShadowMap) {
    for (int i = 0; i < max_lights; i++) {
      if(i < int(shadow.lightCount)) {
        vec4 shadowMap_position = project_common_position_to_clipspace(position_commonspace, viewProjectionMatrices[i], projectCenters[i]);
        shadow_vPosition[i] = (shadowMap_position.xyz / shadowMap_position.w + 1.0) / 2.0;
      }
    }
  }
  return gl_Position;
}
`,VU=`
${$S}
${$U}
`,WU=`
const int max_lights = 2;
uniform sampler2D shadow_uShadowMap0;
uniform sampler2D shadow_uShadowMap1;

in vec3 shadow_vPosition[max_lights];

const vec4 bitPackShift = vec4(1.0, 255.0, 65025.0, 16581375.0);
const vec4 bitUnpackShift = 1.0 / bitPackShift;
const vec4 bitMask = vec4(1.0 / 255.0, 1.0 / 255.0, 1.0 / 255.0,  0.0);

float shadow_getShadowWeight(vec3 position, sampler2D shadowMap) {
  vec4 rgbaDepth = texture(shadowMap, position.xy);

  float z = dot(rgbaDepth, bitUnpackShift);
  return smoothstep(0.001, 0.01, position.z - z);
}

vec4 shadow_filterShadowColor(vec4 color) {
  if (shadow.drawShadowMap) {
    vec4 rgbaDepth = fract(gl_FragCoord.z * bitPackShift);
    rgbaDepth -= rgbaDepth.gbaa * bitMask;
    return rgbaDepth;
  }
  if (shadow.useShadowMap) {
    float shadowAlpha = 0.0;
    shadowAlpha += shadow_getShadowWeight(shadow_vPosition[0], shadow_uShadowMap0);
    if(shadow.lightCount > 1.0) {
      shadowAlpha += shadow_getShadowWeight(shadow_vPosition[1], shadow_uShadowMap1);
    }
    shadowAlpha *= shadow.color.a / shadow.lightCount;
    float blendedAlpha = shadowAlpha + color.a * (1.0 - shadowAlpha);

    return vec4(
      mix(color.rgb, shadow.color.rgb, shadowAlpha / blendedAlpha),
      blendedAlpha
    );
  }
  return color;
}
`,jU=`
${$S}
${WU}
`,HU=li(KU),YU=li(QU),qU=[0,0,0,1],ZU=[1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,0];function XU(r,e){let[t,n,i]=r,o=ui([t,n,i],e);return Number.isFinite(i)?o:[o[0],o[1],0]}function KU({viewport:r,center:e}){return new Ct(r.viewProjectionMatrix).invert().transform(e)}function QU({viewport:r,shadowMatrices:e}){let t=[],n=r.pixelUnprojectionMatrix,i=r.isGeospatial?void 0:1,o=[[0,0,i],[r.width,0,i],[0,r.height,i],[r.width,r.height,i],[0,0,-1],[r.width,0,-1],[0,r.height,-1],[r.width,r.height,-1]].map(s=>XU(s,n));for(let s of e){let a=s.clone().translate(new nr(r.center).negate()),c=o.map(f=>a.transform(f)),l=new Ct().ortho({left:Math.min(...c.map(f=>f[0])),right:Math.max(...c.map(f=>f[0])),bottom:Math.min(...c.map(f=>f[1])),top:Math.max(...c.map(f=>f[1])),near:Math.min(...c.map(f=>-f[2])),far:Math.max(...c.map(f=>-f[2]))});t.push(l.multiplyRight(s))}return t}function JU(r){let{shadowEnabled:e=!0,project:t}=r;if(!e||!t||!r.shadowMatrices||!r.shadowMatrices.length)return{drawShadowMap:!1,useShadowMap:!1,shadow_uShadowMap0:r.dummyShadowMap,shadow_uShadowMap1:r.dummyShadowMap};let n=ki.getUniforms(t),i=HU({viewport:t.viewport,center:n.center}),o=[],s=YU({shadowMatrices:r.shadowMatrices,viewport:t.viewport}).slice();for(let c=0;c<r.shadowMatrices.length;c++){let l=s[c],f=l.clone().translate(new nr(t.viewport.center).negate());n.coordinateSystem===ys("lnglat")&&n.projectionMode===Yt.WEB_MERCATOR?(s[c]=f,o[c]=i):(s[c]=l.clone().multiplyRight(ZU),o[c]=f.transform(i))}let a={drawShadowMap:!!r.drawToShadowMap,useShadowMap:r.shadowMaps?r.shadowMaps.length>0:!1,color:r.shadowColor||qU,lightId:r.shadowLightId||0,lightCount:r.shadowMatrices.length,shadow_uShadowMap0:r.dummyShadowMap,shadow_uShadowMap1:r.dummyShadowMap};for(let c=0;c<s.length;c++)a[`viewProjectionMatrix${c}`]=s[c],a[`projectCenter${c}`]=o[c];for(let c=0;c<2;c++)a[`shadow_uShadowMap${c}`]=r.shadowMaps&&r.shadowMaps[c]||r.dummyShadowMap;return a}var dh={name:"shadow",dependencies:[ki],vs:VU,fs:jU,inject:{"vs:DECKGL_FILTER_GL_POSITION":`
    position = shadow_setVertexPosition(geometry.position);
    `,"fs:DECKGL_FILTER_COLOR":`
    color = shadow_filterShadowColor(color);
    `},getUniforms:JU,uniformTypes:{drawShadowMap:"f32",useShadowMap:"f32",color:"vec4<f32>",lightId:"i32",lightCount:"f32",viewProjectionMatrix0:"mat4x4<f32>",viewProjectionMatrix1:"mat4x4<f32>",projectCenter0:"vec4<f32>",projectCenter1:"vec4<f32>"}};Or();var hh=10,Gl=16777215;function WS(r,e){r.length===hh?pe.warn(`pickMultipleObjects can only exclude ${hh} previously picked objects for layers without picking buffers`)():r.push(e)}var ez=`  float disabledPickingIndexCount;
  vec4 disabledPickingIndices0;
  vec4 disabledPickingIndices1;
  vec4 disabledPickingIndices2;
`;function VS(r){return r.replace(`  vec4 highlightColor;
} picking;`,`  vec4 highlightColor;
${ez}} picking;`)}function rb(r,e){return[r[e]||0,r[e+1]||0,r[e+2]||0,r[e+3]||0]}var tz=`vec3 picking_getPickingColorFromIndex(float objectIndex) {
  if (objectIndex < 0.0 || objectIndex >= ${Gl}.0) {
    return vec3(0.0);
  }

  for (int i = 0; i < ${hh}; i++) {
    if (float(i) >= picking.disabledPickingIndexCount) {
      break;
    }
    vec4 disabledIndices = i < 4
      ? picking.disabledPickingIndices0
      : (i < 8 ? picking.disabledPickingIndices1 : picking.disabledPickingIndices2);
    float disabledIndex = disabledIndices[i - (i / 4) * 4];
    if (disabledIndex == objectIndex) {
      return vec3(0.0);
    }
  }

  float encodedIndex = objectIndex + 1.0;
  return vec3(
    mod(encodedIndex, 256.0),
    mod(floor(encodedIndex / 256.0), 256.0),
    mod(floor(encodedIndex / 65536.0), 256.0)
  );
}

vec3 picking_getPickingColorFromIndex(uint objectIndex) {
  return picking_getPickingColorFromIndex(float(objectIndex));
}

vec3 picking_getPickingColorFromInstanceID() {
  return picking_getPickingColorFromIndex(float(gl_InstanceID));
}

void picking_setPickingColorFromInstanceID() {
  picking_setPickingColor(picking_getPickingColorFromInstanceID());
}
`,rz=`struct pickingUniforms {
  isActive: f32,
  isAttribute: f32,
  isHighlightActive: f32,
  useByteColors: f32,
  highlightedObjectColor: vec3<f32>,
  highlightColor: vec4<f32>,
  disabledPickingIndexCount: f32,
  disabledPickingIndices0: vec4<f32>,
  disabledPickingIndices1: vec4<f32>,
  disabledPickingIndices2: vec4<f32>,
};

@group(0) @binding(auto) var<uniform> picking: pickingUniforms;

fn picking_normalizeColor(color: vec3<f32>) -> vec3<f32> {
  return select(color, color / 255.0, picking.useByteColors > 0.5);
}

fn picking_normalizeColor4(color: vec4<f32>) -> vec4<f32> {
  return select(color, color / 255.0, picking.useByteColors > 0.5);
}

fn picking_isColorZero(color: vec3<f32>) -> bool {
  return dot(color, vec3<f32>(1.0)) < 0.00001;
}

fn picking_isColorValid(color: vec3<f32>) -> bool {
  return dot(color, vec3<f32>(1.0)) > 0.00001;
}

fn picking_getPickingColorFromIndex(objectIndex: u32) -> vec3<f32> {
  if (objectIndex >= ${Gl}u) {
    return vec3<f32>(0.0);
  }

  for (var i = 0; i < ${hh}; i = i + 1) {
    if (f32(i) >= picking.disabledPickingIndexCount) {
      break;
    }
    let disabledIndices = select(
      picking.disabledPickingIndices2,
      select(picking.disabledPickingIndices1, picking.disabledPickingIndices0, i < 4),
      i < 8
    );
    let disabledIndex = disabledIndices[i % 4];
    if (disabledIndex == f32(objectIndex)) {
      return vec3<f32>(0.0);
    }
  }

  let encodedIndex = objectIndex + 1u;
  return vec3<f32>(
    f32(encodedIndex % 256u),
    f32((encodedIndex / 256u) % 256u),
    f32((encodedIndex / 65536u) % 256u)
  ) / 255.0;
}
`,di={...uo,vs:`${VS(uo.vs)}
${tz}`,fs:VS(uo.fs),source:rz,uniformTypes:{...uo.uniformTypes,disabledPickingIndexCount:"f32",disabledPickingIndices0:"vec4<f32>",disabledPickingIndices1:"vec4<f32>",disabledPickingIndices2:"vec4<f32>"},defaultUniforms:{...uo.defaultUniforms,useByteColors:!0,disabledPickingIndexCount:0,disabledPickingIndices0:[0,0,0,0],disabledPickingIndices1:[0,0,0,0],disabledPickingIndices2:[0,0,0,0]},getUniforms(r,e){let t=uo.getUniforms(r,e),n=r.disabledPickingIndices||[];return t.disabledPickingIndexCount=n.length,t.disabledPickingIndices0=rb(n,0),t.disabledPickingIndices1=rb(n,4),t.disabledPickingIndices2=rb(n,8),t},inject:{"vs:DECKGL_FILTER_GL_POSITION":`
    // for picking depth values
    picking_setPickingAttribute(position.z / position.w);
  `,"vs:DECKGL_FILTER_COLOR":`
  picking_setPickingColor(geometry.pickingColor);
  `,"fs:DECKGL_FILTER_COLOR":{order:99,injection:`
  // use highlight color if this fragment belongs to the selected object.
  color = picking_filterHighlightColor(color);

  // use picking color if rendering to picking FBO.
  color = picking_filterPickingColor(color);
    `}}};var iz=[Kd],oz=["vs:DECKGL_FILTER_SIZE(inout vec3 size, VertexGeometry geometry)","vs:DECKGL_FILTER_GL_POSITION(inout vec4 position, VertexGeometry geometry)","vs:DECKGL_FILTER_COLOR(inout vec4 color, VertexGeometry geometry)","fs:DECKGL_FILTER_COLOR(inout vec4 color, FragmentGeometry geometry)"],sz=[];function jS(r){let e=hn.getDefaultShaderAssembler(r);for(let n of iz)e.addDefaultModule(n);e._hookFunctions.length=0;let t=r==="glsl"?oz:sz;for(let n of t)e.addShaderHook(n);return e}var az=[255,255,255],cz=1,lz=0,ph=class{constructor(e={}){this.type="ambient";let{color:t=az}=e,{intensity:n=cz}=e;this.id=e.id||`ambient-${lz++}`,this.color=t,this.intensity=n}};Ft();var fz=[255,255,255],uz=1,dz=[0,0,-1],hz=0,$l=class{constructor(e={}){this.type="directional";let{color:t=fz}=e,{intensity:n=uz}=e,{direction:i=dz}=e,{_shadow:o=!1}=e;this.id=e.id||`directional-${hz++}`,this.color=t,this.intensity=n,this.type="directional",this.direction=new nr(i).normalize().toArray(),this.shadow=o}getProjectedLight(e){return this}};Ft();var Vl=class{constructor(e,t={id:"pass"}){let{id:n}=t;this.id=n,this.device=e,this.props={...t}}setProps(e){Object.assign(this.props,e)}render(e){}cleanup(){}};var pz={depthWriteEnabled:!0,depthCompare:"less-equal",blendColorOperation:"add",blendColorSrcFactor:"one",blendColorDstFactor:"one-minus-src-alpha",blendAlphaOperation:"add",blendAlphaSrcFactor:"one",blendAlphaDstFactor:"one-minus-src-alpha"},Di=class extends Vl{constructor(){super(...arguments),this._lastRenderIndex=-1}render(e){this._render(e)}_render(e){let{canvasContext:t=this.device.canvasContext}=e,n=e.target??t.getCurrentFramebuffer(),[i,o]=t.getDrawingBufferSize(),s=e.clearCanvas??!0,a=e.clearColor??(s?[0,0,0,0]:!1),c=s?1:!1,l=s?0:!1,f=e.colorMask??15,u={viewport:[0,0,i,o]};e.colorMask&&(u.colorMask=f),e.scissorRect&&(u.scissorRect=e.scissorRect);let{shaderModuleProps:d,viewports:h,views:p,onViewportActive:g,clearStack:y=!0}=e,w=e.pass||"unknown",x=this.device.type==="webgpu";y&&(this._lastRenderIndex=-1);let b=[];if(!h.length)return this.device.beginRenderPass({framebuffer:n,parameters:u,clearColor:a,clearDepth:c,clearStencil:l}).end(),this.device.submit(),b;try{for(let v of h){g?.(v);let T=this._getDrawLayerParams(v,e),L=p&&p[v.id],D=v.subViewports||[v],B=x?D.map(F=>[F]):[D];for(let F of B){let M=this.device.beginRenderPass({framebuffer:n,parameters:u,clearColor:a,clearDepth:c,clearStencil:l});try{for(let N of F){let G=this._drawLayersInViewport(M,{target:n,canvasContext:t,shaderModuleProps:d,viewport:N,view:L,pass:w,layers:e.layers,isPicking:e.isPicking},T);b.push(G)}}finally{M.end(),x&&this.device.submit()}a=!1,c=!1,l=!1}}return b}finally{x||this.device.submit()}}_getDrawLayerParams(e,{layers:t,pass:n,isPicking:i=!1,layerFilter:o,cullRect:s,views:a,effects:c,canvasContext:l=this.device.canvasContext,shaderModuleProps:f},u=!1){let d=[],h=YS(this._lastRenderIndex+1),p={layer:t[0],viewport:e,isPicking:i,renderPass:n,cullRect:s},g={};for(let y=0;y<t.length;y++){let w=t[y],x=this._shouldDrawLayer(w,p,o,g),b={shouldDrawLayer:x};if(x&&!u){b.shouldDrawLayer=!0,b.layerRenderIndex=h(w,x),b.shaderModuleProps=this._getShaderModuleProps(w,c,n,l,f);let v=w.context.device.type==="webgpu"?pz:null;b.layerParameters={...v,...w.context.deck?.props.parameters,...a?.[e.id]?.props.parameters,...this.getLayerParameters(w,y,e)}}d[y]=b}return d}_drawLayersInViewport(e,{layers:t,shaderModuleProps:n,pass:i,target:o,canvasContext:s,viewport:a,view:c,isPicking:l},f){let u=mz(this.device,{canvasContext:s,shaderModuleProps:n,target:o,viewport:a});if(c){let{clear:h,clearColor:p,clearDepth:g,clearStencil:y}=c.props;if(h){let w=[0,0,0,0],x=1,b=0;Array.isArray(p)&&!l?w=[...p.slice(0,3),p[3]||255].map(T=>T/255):p===!1&&(w=!1),g!==void 0&&(x=g),y!==void 0&&(b=y),this.device.beginRenderPass({framebuffer:o,parameters:{viewport:u,scissorRect:u},clearColor:w,clearDepth:x,clearStencil:b}).end()}}let d={totalCount:t.length,visibleCount:0,compositeCount:0,pickableCount:0};e.setParameters({viewport:u});for(let h=0;h<t.length;h++){let p=t[h],g=f[h],{shouldDrawLayer:y}=g;if(y&&p.props.pickable&&d.pickableCount++,p.isComposite&&d.compositeCount++,p.isDrawable&&g.shouldDrawLayer){let{layerRenderIndex:w,shaderModuleProps:x,layerParameters:b}=g;d.visibleCount++,this._lastRenderIndex=Math.max(this._lastRenderIndex,w),x.project&&(x.project.viewport=a),p.context.renderPass=e;try{p._drawLayer({renderPass:e,shaderModuleProps:x,uniforms:{layerIndex:w},parameters:b})}catch(v){p.raiseError(v,`drawing ${p} to ${i}`)}}}return d}shouldDrawLayer(e){return!0}getShaderModuleProps(e,t,n){return null}getLayerParameters(e,t,n){return e.props.parameters}_shouldDrawLayer(e,t,n,i){if(!(e.props.visible&&this.shouldDrawLayer(e)))return!1;t.layer=e;let s=e.parent;for(;s;){if(!s.props.visible||!s.filterSubLayer(t))return!1;t.layer=s,s=s.parent}if(n){let a=t.layer.id;if(a in i||(i[a]=n(t)),!i[a])return!1}return e.activateViewport(t.viewport),!0}_getShaderModuleProps(e,t,n,i,o){let s=i.cssToDeviceRatio(),a=e.internalState?.propsInTransition||e.props,c={layer:a,picking:{isActive:!1},project:{viewport:e.context.viewport,devicePixelRatio:s,modelMatrix:a.modelMatrix,coordinateSystem:a.coordinateSystem,coordinateOrigin:a.coordinateOrigin,autoWrapLongitude:e.wrapLongitude}};if(t)for(let l of t)HS(c,l.getShaderModuleProps?.(e,c));for(let l of e.context.defaultShaderModules)l.name in c||(c[l.name]={});return HS(c,this.getShaderModuleProps(e,t,c),o)}};function YS(r=0,e={}){let t={},n=(i,o)=>{let s=i.props._offset,a=i.id,c=i.parent&&i.parent.id,l;if(c&&!(c in e)&&n(i.parent,!1),c in t){let f=t[c]=t[c]||YS(e[c],e);l=f(i,o),t[a]=f}else Number.isFinite(s)?(l=s+(e[c]||0),t[a]=null):l=r;return o&&l>=r&&(r=l+1),e[a]=l,l};return n}function mz(r,{canvasContext:e=r.canvasContext,shaderModuleProps:t,target:n,viewport:i}){let o=t?.project?.devicePixelRatio??e.cssToDeviceRatio(),[,s]=e.getDrawingBufferSize(),a=n?n.height:s,c=i;return[c.x*o,a-(c.y+c.height)*o,c.width*o,c.height*o]}function HS(r,...e){for(let t of e)if(t)for(let n in t)r[n]?Object.assign(r[n],t[n]):r[n]=t[n];return r}var Wl=class extends Di{constructor(e,t){super(e,t);let n=e.createTexture({format:"rgba8unorm",width:1,height:1,sampler:{minFilter:"linear",magFilter:"linear",addressModeU:"clamp-to-edge",addressModeV:"clamp-to-edge"}}),i=e.createTexture({format:"depth16unorm",width:1,height:1});this.fbo=e.createFramebuffer({id:"shadowmap",width:1,height:1,colorAttachments:[n],depthStencilAttachment:i})}delete(){this.fbo&&(this.fbo.destroy(),this.fbo=null)}getShadowMap(){return this.fbo.colorAttachments[0].texture}render(e){let t=this.fbo,n=this.device.canvasContext.cssToDeviceRatio(),i=e.viewports[0],o=i.width*n,s=i.height*n,a=[1,1,1,1];(o!==t.width||s!==t.height)&&t.resize({width:o,height:s}),super.render({...e,clearColor:a,target:t,pass:"shadow"})}getLayerParameters(e,t,n){return{...e.props.parameters,blend:!1,depthWriteEnabled:!0,depthCompare:"less-equal"}}shouldDrawLayer(e){return e.props.shadowEnabled!==!1}getShaderModuleProps(e,t,n){return{shadow:{project:n.project,drawToShadowMap:!0}}}};var gz={color:[255,255,255],intensity:1},qS=[{color:[255,255,255],intensity:1,direction:[-1,3,-1]},{color:[255,255,255],intensity:.9,direction:[1,-8,-2.5]}],yz=[0,0,0,200/255],Na=class{constructor(e={}){this.id="lighting-effect",this.shadowColor=yz,this.shadow=!1,this.directionalLights=[],this.pointLights=[],this.shadowPasses=[],this.dummyShadowMap=null,this.setProps(e)}setup(e){this.context=e;let{device:t,deck:n}=e;this.shadow&&!this.dummyShadowMap&&(this._createShadowPasses(t),n._addDefaultShaderModule(dh),this.dummyShadowMap=t.createTexture({width:1,height:1}))}setProps(e){this.ambientLight=void 0,this.directionalLights=[],this.pointLights=[];for(let t in e){let n=e[t];switch(n.type){case"ambient":this.ambientLight=n;break;case"directional":this.directionalLights.push(n);break;case"point":this.pointLights.push(n);break;default:}}this._applyDefaultLights(),this.shadow=this.directionalLights.some(t=>t.shadow),this.context&&this.setup(this.context),this.props=e}preRender({layers:e,layerFilter:t,viewports:n,onViewportActive:i,views:o}){if(this.shadow){this.shadowMatrices=this._calculateMatrices();for(let s=0;s<this.shadowPasses.length;s++)this.shadowPasses[s].render({layers:e,layerFilter:t,viewports:n,onViewportActive:i,views:o,shaderModuleProps:{shadow:{shadowLightId:s,dummyShadowMap:this.dummyShadowMap,shadowMatrices:this.shadowMatrices}}})}}getShaderModuleProps(e,t){let n=this.shadow?{project:t.project,shadowMaps:this.shadowPasses.map(s=>s.getShadowMap()),dummyShadowMap:this.dummyShadowMap,shadowColor:this.shadowColor,shadowMatrices:this.shadowMatrices}:{},i={enabled:!0,lights:this._getLights(e)},o=e.props.material;return{shadow:n,lighting:i,phongMaterial:o,gouraudMaterial:o}}cleanup(e){for(let t of this.shadowPasses)t.delete();this.shadowPasses.length=0,this.dummyShadowMap&&(this.dummyShadowMap.destroy(),this.dummyShadowMap=null,e.deck._removeDefaultShaderModule(dh))}_calculateMatrices(){let e=[];for(let t of this.directionalLights){let n=new Ct().lookAt({eye:new nr(t.direction).negate()});e.push(n)}return e}_createShadowPasses(e){for(let t=0;t<this.directionalLights.length;t++){let n=new Wl(e);this.shadowPasses[t]=n}}_applyDefaultLights(){let{ambientLight:e,pointLights:t,directionalLights:n}=this;!e&&t.length===0&&n.length===0&&(this.ambientLight=new ph(gz),this.directionalLights.push(new $l(qS[0]),new $l(qS[1])))}_getLights(e){let t=[];this.ambientLight&&t.push(this.ambientLight);for(let n of this.pointLights)t.push(n.getProjectedLight({layer:e}));for(let n of this.directionalLights)t.push(n.getProjectedLight({layer:e}));return t}};var nb=class{constructor(e={}){this._pool=[],this.opts={overAlloc:2,poolSize:100},this.setOptions(e)}setOptions(e){Object.assign(this.opts,e)}allocate(e,t,{size:n=1,type:i,padding:o=0,copy:s=!1,initialize:a=!1,maxCount:c}){let l=i||e&&e.constructor||Float32Array,f=t*n+o;if(ArrayBuffer.isView(e)){if(f<=e.length)return e;if(f*e.BYTES_PER_ELEMENT<=e.buffer.byteLength)return new l(e.buffer,0,f)}let u=1/0;c&&(u=c*n+o);let d=this._allocate(l,f,a,u);return e&&s?d.set(e):a||d.fill(0,0,4),this._release(e),d}release(e){this._release(e)}_allocate(e,t,n,i){let o=Math.max(Math.ceil(t*this.opts.overAlloc),1);o>i&&(o=i);let s=this._pool,a=e.BYTES_PER_ELEMENT*o,c=s.findIndex(l=>l.byteLength>=a);if(c>=0){let l=new e(s.splice(c,1)[0],0,o);return n&&l.fill(0),l}return new e(o)}_release(e){if(!ArrayBuffer.isView(e))return;let t=this._pool,{buffer:n}=e,{byteLength:i}=n,o=t.findIndex(s=>s.byteLength>=i);o<0?t.push(n):(o>0||t.length<this.opts.poolSize)&&t.splice(o,0,n),t.length>this.opts.poolSize&&t.shift()}},On=new nb;Ft();function Ua(){return[1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1]}function ib(r,e){let t=r%e;return t<0?e+t:t}function XS(r){return[r[12],r[13],r[14]]}function KS(r){return{left:Fa(r[3]+r[0],r[7]+r[4],r[11]+r[8],r[15]+r[12]),right:Fa(r[3]-r[0],r[7]-r[4],r[11]-r[8],r[15]-r[12]),bottom:Fa(r[3]+r[1],r[7]+r[5],r[11]+r[9],r[15]+r[13]),top:Fa(r[3]-r[1],r[7]-r[5],r[11]-r[9],r[15]-r[13]),near:Fa(r[3]+r[2],r[7]+r[6],r[11]+r[10],r[15]+r[14]),far:Fa(r[3]-r[2],r[7]-r[6],r[11]-r[10],r[15]-r[14])}}var ZS=new nr;function Fa(r,e,t,n){ZS.set(r,e,t);let i=ZS.len();return{distance:n/i,normal:new nr(-r/i,-e/i,-t/i)}}function _z(r){return r-Math.fround(r)}var jl;function za(r,e){let{size:t=1,startIndex:n=0}=e,i=e.endIndex!==void 0?e.endIndex:r.length,o=(i-n)/t;jl=On.allocate(jl,o,{type:Float32Array,size:t*2});let s=n,a=0;for(;s<i;){for(let c=0;c<t;c++){let l=r[s++];jl[a+c]=l,jl[a+c+t]=_z(l)}a+=t*2}return jl.subarray(0,o*t*2)}function QS(r){let e=null,t=!1;for(let n of r)n&&(e?(t||(e=[[e[0][0],e[0][1]],[e[1][0],e[1][1]]],t=!0),e[0][0]=Math.min(e[0][0],n[0][0]),e[0][1]=Math.min(e[0][1],n[0][1]),e[1][0]=Math.max(e[1][0],n[1][0]),e[1][1]=Math.max(e[1][1],n[1][1])):e=n);return e}Ft();var bz=Math.PI/180,xz=Ua(),JS=[0,0,0],vz={unitsPerMeter:[1,1,1],metersPerUnit:[1,1,1]};function wz({width:r,height:e,orthographic:t,fovyRadians:n,focalDistance:i,padding:o,near:s,far:a}){let c=r/e,l=t?new Ct().orthographic({fovy:n,aspect:c,focalDistance:i,near:s,far:a}):new Ct().perspective({fovy:n,aspect:c,near:s,far:a});if(o){let{left:f=0,right:u=0,top:d=0,bottom:h=0}=o,p=lt((f+r-u)/2,0,r)-r/2,g=lt((d+e-h)/2,0,e)-e/2;l[8]-=p*2/r,l[9]+=g*2/e}return l}var mh=class r{constructor(e={}){this._frustumPlanes={},this.id=e.id||this.constructor.displayName||"viewport",this.x=e.x||0,this.y=e.y||0,this.width=e.width||1,this.height=e.height||1,this.zoom=e.zoom||0,this.padding=e.padding,this.distanceScales=e.distanceScales||vz,this.focalDistance=e.focalDistance||1,this.position=e.position||JS,this.modelMatrix=e.modelMatrix||null;let{longitude:t,latitude:n}=e;this.isGeospatial=Number.isFinite(n)&&Number.isFinite(t),this._initProps(e),this._initMatrices(e),this.equals=this.equals.bind(this),this.project=this.project.bind(this),this.unproject=this.unproject.bind(this),this.projectPosition=this.projectPosition.bind(this),this.unprojectPosition=this.unprojectPosition.bind(this),this.projectFlat=this.projectFlat.bind(this),this.unprojectFlat=this.unprojectFlat.bind(this)}get subViewports(){return null}get metersPerPixel(){return this.distanceScales.metersPerUnit[2]/this.scale}get projectionMode(){return this.isGeospatial?this.zoom<12?Yt.WEB_MERCATOR:Yt.WEB_MERCATOR_AUTO_OFFSET:Yt.IDENTITY}equals(e){return e instanceof r?this===e?!0:e.width===this.width&&e.height===this.height&&e.scale===this.scale&&e.projectionMode===this.projectionMode&&e.resolution===this.resolution&&oi(e.distanceScales.unitsPerMeter,this.distanceScales.unitsPerMeter)&&oi(e.projectionMatrix,this.projectionMatrix)&&oi(e.viewMatrix,this.viewMatrix):!1}project(e,{topLeft:t=!0}={}){let n=this.projectPosition(e),i=mo(n,this.pixelProjectionMatrix),[o,s]=i,a=t?s:this.height-s;return e.length===2?[o,a]:[o,a,i[2]]}unproject(e,{topLeft:t=!0,targetZ:n}={}){let[i,o,s]=e,a=t?o:this.height-o,c=n&&n*this.distanceScales.unitsPerMeter[2],l=ui([i,a,s],this.pixelUnprojectionMatrix,c),[f,u,d]=this.unprojectPosition(l);return Number.isFinite(s)?[f,u,d]:Number.isFinite(n)?[f,u,n]:[f,u]}projectPosition(e){let[t,n]=this.projectFlat(e),i=(e[2]||0)*this.distanceScales.unitsPerMeter[2];return[t,n,i]}unprojectPosition(e){let[t,n]=this.unprojectFlat(e),i=(e[2]||0)*this.distanceScales.metersPerUnit[2];return[t,n,i]}projectFlat(e){if(this.isGeospatial){let t=Pr(e);return t[1]=lt(t[1],-318,830),t}return e}unprojectFlat(e){return this.isGeospatial?Xr(e):e}getBounds(e={}){let t={targetZ:e.z||0},n=this.unproject([0,0],t),i=this.unproject([this.width,0],t),o=this.unproject([0,this.height],t),s=this.unproject([this.width,this.height],t);return[Math.min(n[0],i[0],o[0],s[0]),Math.min(n[1],i[1],o[1],s[1]),Math.max(n[0],i[0],o[0],s[0]),Math.max(n[1],i[1],o[1],s[1])]}getDistanceScales(e){return e&&this.isGeospatial?Da({longitude:e[0],latitude:e[1],highPrecision:!0}):this.distanceScales}containsPixel({x:e,y:t,width:n=1,height:i=1}){return e<this.x+this.width&&this.x<e+n&&t<this.y+this.height&&this.y<t+i}getFrustumPlanes(){return this._frustumPlanes.near?this._frustumPlanes:(Object.assign(this._frustumPlanes,KS(this.viewProjectionMatrix)),this._frustumPlanes)}panByPosition(e,t,n){return null}_initProps(e){let t=e.longitude,n=e.latitude;this.isGeospatial&&(Number.isFinite(e.zoom)||(this.zoom=eb({latitude:n})+Math.log2(this.focalDistance)),this.distanceScales=e.distanceScales||Da({latitude:n,longitude:t}));let i=Math.pow(2,this.zoom);this.scale=i;let{position:o,modelMatrix:s}=e,a=JS;if(o&&(a=s?new Ct(s).transformAsVector(o,[]):o),this.isGeospatial){let c=this.projectPosition([t,n,0]);this.center=new nr(a).scale(this.distanceScales.unitsPerMeter).add(c)}else this.center=this.projectPosition(a)}_initMatrices(e){let{viewMatrix:t=xz,projectionMatrix:n=null,orthographic:i=!1,fovyRadians:o,fovy:s=75,near:a=.1,far:c=1e3,padding:l=null,focalDistance:f=1}=e;this.viewMatrixUncentered=t,this.viewMatrix=new Ct().multiplyRight(t).translate(new nr(this.center).negate()),this.projectionMatrix=n||wz({width:this.width,height:this.height,orthographic:i,fovyRadians:o||s*bz,focalDistance:f,padding:l,near:a,far:c});let u=Ua();Nt.multiply(u,u,this.projectionMatrix),Nt.multiply(u,u,this.viewMatrix),this.viewProjectionMatrix=u,this.viewMatrixInverse=Nt.invert([],this.viewMatrix)||this.viewMatrix,this.cameraPosition=XS(this.viewMatrixInverse);let d=Ua(),h=Ua();Nt.scale(d,d,[this.width/2,-this.height/2,1]),Nt.translate(d,d,[1,-1,0]),Nt.multiply(h,d,this.viewProjectionMatrix),this.pixelProjectionMatrix=h,this.pixelUnprojectionMatrix=Nt.invert(Ua(),this.pixelProjectionMatrix),this.pixelUnprojectionMatrix||pe.warn("Pixel project matrix not invertible")()}};mh.displayName="Viewport";var Ga=mh;Ft();var gh=class r extends Ga{constructor(e={}){let{latitude:t=0,longitude:n=0,zoom:i=0,pitch:o=0,bearing:s=0,nearZMultiplier:a=.1,farZMultiplier:c=1.01,nearZ:l,farZ:f,orthographic:u=!1,projectionMatrix:d,repeat:h=!1,worldOffset:p=0,position:g,padding:y,legacyMeterSizes:w=!1}=e,{width:x,height:b,altitude:v=1.5}=e,T=Math.pow(2,i);x=x||1,b=b||1;let L,D=null;if(d)v=d[5]/2,L=_s(v);else{e.fovy?(L=e.fovy,v=zl(L)):L=_s(v);let F;if(y){let{top:M=0,bottom:N=0}=y;F=[0,lt((M+b-N)/2,0,b)-b/2]}D=tb({width:x,height:b,scale:T,center:g&&[0,0,g[2]*Fl(t)],offset:F,pitch:o,fovy:L,nearZMultiplier:a,farZMultiplier:c}),Number.isFinite(l)&&(D.near=l),Number.isFinite(f)&&(D.far=f)}let B=lh({height:b,pitch:o,bearing:s,scale:T,altitude:v});p&&(B=new Ct().translate([512*p,0,0]).multiplyLeft(B)),super({...e,width:x,height:b,viewMatrix:B,longitude:n,latitude:t,zoom:i,...D,fovy:L,focalDistance:v}),this.latitude=t,this.longitude=n,this.zoom=i,this.pitch=o,this.bearing=s,this.altitude=v,this.fovy=L,this.orthographic=u,this._subViewports=h?[]:null,this._pseudoMeters=w,Object.freeze(this)}get subViewports(){if(this._subViewports&&!this._subViewports.length){let e=this.getBounds(),t=Math.floor((e[0]+180)/360),n=Math.ceil((e[2]-180)/360);for(let i=t;i<=n;i++){let o=i?new r({...this,worldOffset:i}):this;this._subViewports.push(o)}}return this._subViewports}equals(e){return e instanceof r&&e._pseudoMeters===this._pseudoMeters&&super.equals(e)}projectPosition(e){if(this._pseudoMeters)return super.projectPosition(e);let[t,n]=this.projectFlat(e),i=(e[2]||0)*Fl(e[1]);return[t,n,i]}unprojectPosition(e){if(this._pseudoMeters)return super.unprojectPosition(e);let[t,n]=this.unprojectFlat(e),i=(e[2]||0)/Fl(n);return[t,n,i]}addMetersToLngLat(e,t){return Ul(e,t)}panByPosition(e,t,n){let i=ui(t,this.pixelUnprojectionMatrix),o=this.projectFlat(e),s=Er.add([],o,Er.negate([],i)),a=Er.add([],this.center,s),[c,l]=this.unprojectFlat(a);return{longitude:c,latitude:l}}panByPosition3D(e,t){let n=e[2]||0,i=Er.sub([],e,this.unproject(t,{targetZ:n}));return{longitude:this.longitude+i[0],latitude:this.latitude+i[1]}}getBounds(e={}){let t=uh(this,e.z||0);return[Math.min(t[0][0],t[1][0],t[2][0],t[3][0]),Math.min(t[0][1],t[1][1],t[2][1],t[3][1]),Math.max(t[0][0],t[1][0],t[2][0],t[3][0]),Math.max(t[0][1],t[1][1],t[2][1],t[3][1])]}fitBounds(e,t={}){let{width:n,height:i}=this,{longitude:o,latitude:s,zoom:a}=fh({width:n,height:i,bounds:e,...t});return new r({width:n,height:i,longitude:o,latitude:s,zoom:a})}};gh.displayName="WebMercatorViewport";var bs=gh;Ft();var e3=[0,0,0];function ob(r,e,t=!1){let n=e.projectPosition(r);if(t&&e instanceof bs){let[i,o,s=0]=r,a=e.getDistanceScales([i,o]);n[2]=s*a.unitsPerMeter[2]}return n}function Ez(r){let{viewport:e,modelMatrix:t,coordinateOrigin:n}=r,{coordinateSystem:i,fromCoordinateSystem:o,fromCoordinateOrigin:s}=r;return i==="default"&&(i=e.isGeospatial?"lnglat":"cartesian"),o===void 0?o=i:o==="default"&&(o=e.isGeospatial?"lnglat":"cartesian"),s===void 0&&(s=n),{viewport:e,coordinateSystem:i,coordinateOrigin:n,modelMatrix:t,fromCoordinateSystem:o,fromCoordinateOrigin:s}}function yh(r,{viewport:e,modelMatrix:t,coordinateSystem:n,coordinateOrigin:i,offsetMode:o}){let[s,a,c=0]=r;switch(t&&([s,a,c]=Cn.transformMat4([],[s,a,c,1],t)),n){case"default":return yh(r,{viewport:e,modelMatrix:t,coordinateSystem:e.isGeospatial?"lnglat":"cartesian",coordinateOrigin:i,offsetMode:o});case"lnglat":return ob([s,a,c],e,o);case"lnglat-offsets":return ob([s+i[0],a+i[1],c+(i[2]||0)],e,o);case"meter-offsets":return ob(Ul(i,[s,a,c]),e,o);case"cartesian":return e.isGeospatial?[s+i[0],a+i[1],c+i[2]]:e.projectPosition([s,a,c]);default:throw new Error(`Invalid coordinateSystem: ${n}`)}}function t3(r,e){let{viewport:t,coordinateSystem:n,coordinateOrigin:i,modelMatrix:o,fromCoordinateSystem:s,fromCoordinateOrigin:a}=Ez(e),{autoOffset:c=!0}=e,{geospatialOrigin:l=e3,shaderCoordinateOrigin:f=e3,offsetMode:u=!1}=c?X_(t,n,i):{},d=yh(r,{viewport:t,modelMatrix:o,coordinateSystem:s,coordinateOrigin:a,offsetMode:u});if(u){let h=t.projectPosition(l||f);fs.sub(d,d,h)}return d}var oG={blendColorOperation:"add",blendColorSrcFactor:"one",blendColorDstFactor:"zero",blendAlphaOperation:"add",blendAlphaSrcFactor:"constant",blendAlphaDstFactor:"zero"},ws=class extends Di{constructor(){super(...arguments),this._colorEncoderState=null}render(e){return"pickingFBO"in e?this._drawPickingBuffer(e):{decodePickingColor:null,stats:super._render(e)}}_drawPickingBuffer({layers:e,layerFilter:t,views:n,viewports:i,onViewportActive:o,pickingFBO:s,deviceRect:{x:a,y:c,width:l,height:f},cullRect:u,effects:d,pass:h="picking",pickZ:p,canvasContext:g,shaderModuleProps:y,clearColor:w}){this.pickZ=p;let x=this._resetColorEncoder(p),b=[a,c,l,f],v=super._render({target:s,layers:e,layerFilter:t,views:n,viewports:i,onViewportActive:o,cullRect:u,effects:d?.filter(L=>L.useInPicking),pass:h,canvasContext:g,isPicking:!0,shaderModuleProps:y,clearColor:w??[0,0,0,0],colorMask:15,scissorRect:b});return this._colorEncoderState=null,{decodePickingColor:x&&sG.bind(null,x),stats:v}}shouldDrawLayer(e){let{pickable:t,operation:n}=e.props;return t&&n.includes("draw")||n.includes("terrain")||n.includes("mask")}getShaderModuleProps(e,t,n){return{picking:{isActive:1,isAttribute:this.pickZ,disabledPickingIndices:e.internalState?.disabledPickingIndices},lighting:{enabled:!1}}}getLayerParameters(e,t,n){let i={...e.props.parameters},{pickable:o,operation:s}=e.props;return this._colorEncoderState?o&&s.includes("draw")?(Object.assign(i,oG),i.blend=!0,this.device.type==="webgpu"?i.blendConstant=B3(this._colorEncoderState,e,n):i.blendColor=B3(this._colorEncoderState,e,n),s.includes("terrain")&&e.state?._hasPickingCover&&(i.blendAlphaSrcFactor="one")):s.includes("terrain")&&(i.blend=!1):i.blend=!1,i}_resetColorEncoder(e){return this._colorEncoderState=e?null:{byLayer:new Map,byAlpha:[]},this._colorEncoderState}};function B3(r,e,t){let{byLayer:n,byAlpha:i}=r,o,s=n.get(e);return s?(s.viewports.push(t),o=s.a):(o=n.size+1,o<=255?(s={a:o,layer:e,viewports:[t]},n.set(e,s),i[o]=s):(pe.warn("Too many pickable layers, only picking the first 255")(),o=0)),[0,0,0,o/255]}function sG(r,e){let t=r.byAlpha[e[3]];return t&&{pickedLayer:t.layer,pickedViewports:t.viewports,pickedObjectIndex:t.layer.decodePickingColor(e)}}ut();var go={NO_STATE:"Awaiting state",MATCHED:"Matched. State transferred from previous layer",INITIALIZED:"Initialized",AWAITING_GC:"Discarded. Awaiting garbage collection",AWAITING_FINALIZATION:"No longer matched. Awaiting garbage collection",FINALIZED:"Finalized! Awaiting garbage collection"},Ya=Symbol.for("component"),_n=Symbol.for("propTypes"),vh=Symbol.for("deprecatedProps"),Ni=Symbol.for("asyncPropDefaults"),mi=Symbol.for("asyncPropOriginal"),Bn=Symbol.for("asyncPropResolved");function qa(r,e=()=>!0){return Array.isArray(r)?k3(r,e,[]):e(r)?[r]:[]}function k3(r,e,t){let n=-1;for(;++n<r.length;){let i=r[n];Array.isArray(i)?k3(i,e,t):e(i)&&t.push(i)}return t}function D3({target:r,source:e,start:t=0,count:n=1}){let i=e.length,o=n*i,s=0;for(let a=t;s<i;s++)r[a++]=e[s];for(;s<o;)s<o-s?(r.copyWithin(t+s,t,t+s),s*=2):(r.copyWithin(t+s,t,t+o-s),s=o);return r}zc();var Xl=class{constructor(e,t,n){this._loadCount=0,this._subscribers=new Set,this.id=e,this.context=n,this.setData(t)}subscribe(e){this._subscribers.add(e)}unsubscribe(e){this._subscribers.delete(e)}inUse(){return this._subscribers.size>0}delete(){}getData(){return this.isLoaded?this._error?Promise.reject(this._error):this._content:this._loader.then(()=>this.getData())}setData(e,t){if(e===this._data&&!t)return;this._data=e;let n=++this._loadCount,i=e;typeof e=="string"&&(i=ua(e)),i instanceof Promise?(this.isLoaded=!1,this._loader=i.then(o=>{this._loadCount===n&&(this.isLoaded=!0,this._error=void 0,this._content=o)}).catch(o=>{this._loadCount===n&&(this.isLoaded=!0,this._error=o||!0)})):(this.isLoaded=!0,this._error=void 0,this._content=e);for(let o of this._subscribers)o.onChange(this.getData())}};var Kl=class{constructor(e){this.protocol=e.protocol||"resource://",this._context={device:e.device,gl:e.device?.gl,resourceManager:this},this._resources={},this._consumers={},this._pruneRequest=null}contains(e){return e.startsWith(this.protocol)?!0:e in this._resources}add({resourceId:e,data:t,forceUpdate:n=!1,persistent:i=!0}){let o=this._resources[e];o?o.setData(t,n):(o=new Xl(e,t,this._context),this._resources[e]=o),o.persistent=i}remove(e){let t=this._resources[e];t&&(t.delete(),delete this._resources[e])}unsubscribe({consumerId:e}){let t=this._consumers[e];if(t){for(let n in t){let i=t[n],o=this._resources[i.resourceId];o&&o.unsubscribe(i)}delete this._consumers[e],this.prune()}}subscribe({resourceId:e,onChange:t,consumerId:n,requestId:i="default"}){let{_resources:o,protocol:s}=this;e.startsWith(s)&&(e=e.replace(s,""),o[e]||this.add({resourceId:e,data:null,persistent:!1}));let a=o[e];if(this._track(n,i,a,t),a)return a.getData()}prune(){this._pruneRequest||(this._pruneRequest=setTimeout(()=>this._prune(),0))}finalize(){for(let e in this._resources)this._resources[e].delete()}_track(e,t,n,i){let o=this._consumers,s=o[e]=o[e]||{},a=s[t],c=a&&a.resourceId&&this._resources[a.resourceId];c&&(c.unsubscribe(a),this.prune()),n&&(a?(a.onChange=i,a.resourceId=n.id):a={onChange:i,resourceId:n.id},s[t]=a,n.subscribe(a))}_prune(){this._pruneRequest=null;for(let e of Object.keys(this._resources)){let t=this._resources[e];!t.persistent&&!t.inUse()&&(t.delete(),delete this._resources[e])}}};var aG="layerManager.setLayers",cG="layerManager.activateViewport",Ql=class{constructor(e,t){this._lastRenderedLayers=[],this._needsRedraw=!1,this._needsUpdate=!1,this._nextLayers=null,this._debug=!1,this._defaultShaderModulesChanged=!1,this.activateViewport=a=>{mt(cG,this,a),a&&(this.context.viewport=a)};let{deck:n,stats:i,viewport:o,timeline:s}=t||{};this.layers=[],this.resourceManager=new Kl({device:e,protocol:"deck://"}),this.context={mousePosition:null,userData:{},layerManager:this,device:e,gl:e?.gl,deck:n,shaderAssembler:jS(e?.info?.shadingLanguage||"glsl"),defaultShaderModules:[F_],renderPass:void 0,stats:i||new fn({id:"deck.gl"}),viewport:o||new Ga({id:"DEFAULT-INITIAL-VIEWPORT"}),timeline:s||new vs,resourceManager:this.resourceManager,onError:void 0},Object.seal(this)}finalize(){this.resourceManager.finalize();for(let e of this.layers)this._finalizeLayer(e)}needsRedraw(e={clearRedrawFlags:!1}){let t=this._needsRedraw;e.clearRedrawFlags&&(this._needsRedraw=!1);for(let n of this.layers){let i=n.getNeedsRedraw(e);t=t||i}return t}needsUpdate(){return this._nextLayers&&this._nextLayers!==this._lastRenderedLayers?"layers changed":this._defaultShaderModulesChanged?"shader modules changed":this._needsUpdate}setNeedsRedraw(e){this._needsRedraw=this._needsRedraw||e}setNeedsUpdate(e){this._needsUpdate=this._needsUpdate||e}getLayers({layerIds:e}={}){return e?this.layers.filter(t=>e.find(n=>t.id.indexOf(n)===0)):this.layers}setProps(e){"debug"in e&&(this._debug=e.debug),"userData"in e&&(this.context.userData=e.userData),"layers"in e&&(this._nextLayers=e.layers),"onError"in e&&(this.context.onError=e.onError)}setLayers(e,t){mt(aG,this,t,e),this._lastRenderedLayers=e;let n=qa(e,Boolean);for(let i of n)i.context=this.context;this._updateLayers(this.layers,n)}updateLayers(){let e=this.needsUpdate();e&&(this.setNeedsRedraw(`updating layers: ${e}`),this.setLayers(this._nextLayers||this._lastRenderedLayers,e)),this._nextLayers=null}addDefaultShaderModule(e){let{defaultShaderModules:t}=this.context;t.find(n=>n.name===e.name)||(t.push(e),this._defaultShaderModulesChanged=!0)}removeDefaultShaderModule(e){let{defaultShaderModules:t}=this.context,n=t.findIndex(i=>i.name===e.name);n>=0&&(t.splice(n,1),this._defaultShaderModulesChanged=!0)}_handleError(e,t,n){n.raiseError(t,`${e} of ${n}`)}_updateLayers(e,t){let n={};for(let s of e)n[s.id]?pe.warn(`Multiple old layers with same id ${s.id}`)():n[s.id]=s;if(this._defaultShaderModulesChanged){for(let s of e)s.setNeedsUpdate(),s.setChangeFlags({extensionsChanged:!0});this._defaultShaderModulesChanged=!1}let i=[];this._updateSublayersRecursively(t,n,i),this._finalizeOldLayers(n);let o=!1;for(let s of i)if(s.hasUniformTransition()){o=`Uniform transition in ${s}`;break}this._needsUpdate=o,this.layers=i}_updateSublayersRecursively(e,t,n){for(let i of e){i.context=this.context;let o=t[i.id];o===null&&pe.warn(`Multiple new layers with same id ${i.id}`)(),t[i.id]=null;let s=null;try{this._debug&&o!==i&&i.validateProps(),o?(this._transferLayerState(o,i),this._updateLayer(i)):this._initializeLayer(i),n.push(i),s=i.isComposite?i.getSubLayers():null}catch(a){this._handleError("matching",a,i)}s&&this._updateSublayersRecursively(s,t,n)}}_finalizeOldLayers(e){for(let t in e){let n=e[t];n&&this._finalizeLayer(n)}}_initializeLayer(e){try{e._initialize(),e.lifecycle=go.INITIALIZED}catch(t){this._handleError("initialization",t,e)}}_transferLayerState(e,t){t._transferState(e),t.lifecycle=go.MATCHED,t!==e&&(e.lifecycle=go.AWAITING_GC)}_updateLayer(e){try{e._update()}catch(t){this._handleError("update",t,e)}}_finalizeLayer(e){this._needsRedraw=this._needsRedraw||`finalized ${e}`,e.lifecycle=go.AWAITING_FINALIZATION;try{e._finalize(),e.lifecycle=go.FINALIZED}catch(t){this._handleError("finalization",t,e)}}};function gt(r,e,t){if(r===e)return!0;if(!t||!r||!e)return!1;if(Array.isArray(r)){if(!Array.isArray(e)||r.length!==e.length)return!1;for(let n=0;n<r.length;n++)if(!gt(r[n],e[n],t-1))return!1;return!0}if(Array.isArray(e))return!1;if(typeof r=="object"&&typeof e=="object"){let n=Object.keys(r),i=Object.keys(e);if(n.length!==i.length)return!1;for(let o of n)if(!e.hasOwnProperty(o)||!gt(r[o],e[o],t-1))return!1;return!0}return!1}var yo="default-canvas",Jl=class{constructor(e){this.views=[],this.width=100,this.height=100,this.viewState={},this.controllers={},this.timeline=e.timeline,this._viewports=[],this._viewportMap={},this._isUpdating=!1,this._needsRedraw="First render",this._needsUpdate="Initialize",this._eventManager=e.eventManager,this._eventManagers=e.eventManagers||{},this._viewEventManagers={},this._eventCallbacks={onViewStateChange:e.onViewStateChange,onInteractionStateChange:e.onInteractionStateChange},this._pickPosition=e.pickPosition,this._getCanvasContext=e.getCanvasContext,Object.seal(this),this.setProps(e)}finalize(){for(let e in this.controllers){let t=this.controllers[e];t&&t.finalize()}this.controllers={}}needsRedraw(e={clearRedrawFlags:!1}){let t=this._needsRedraw;return e.clearRedrawFlags&&(this._needsRedraw=!1),t}setNeedsUpdate(e){this._needsUpdate=this._needsUpdate||e,this._needsRedraw=this._needsRedraw||e}updateViewStates(){for(let e in this.controllers){let t=this.controllers[e];t&&t.updateTransition()}}getViewports(e){return e?this._viewports.filter(t=>{let n=!e.canvasId||this.getCanvasId(t.id)===e.canvasId,i=!("x"in e)||t.containsPixel(e);return n&&i}):this._viewports}getViews(){let e={};return this.views.forEach(t=>{e[t.id]=t}),e}getView(e){return this.views.find(t=>t.id===e)}getViewState(e){let t=typeof e=="string"?this.getView(e):e,n=t&&this.viewState[t.getViewStateId()]||this.viewState;return t?t.filterViewState(n):n}getViewport(e){return this._viewportMap[e]}getCanvasId(e){let t=typeof e=="string"?this.getView(e):e;return t?this._viewEventManagers[t.id]?.canvasId||this._getCanvasIdFromView(t):void 0}unproject(e,t){let n=this.getViewports(),i={x:e[0],y:e[1]};for(let o=n.length-1;o>=0;--o){let s=n[o];if(s.containsPixel(i)){let a=e.slice();return a[0]-=s.x,a[1]-=s.y,s.unproject(a,t)}}return null}setProps(e){e.views&&this._setViews(e.views),e.viewState&&this._setViewState(e.viewState),("width"in e||"height"in e)&&this._setSize(e.width,e.height),"pickPosition"in e&&(this._pickPosition=e.pickPosition),"eventManagers"in e&&this._setEventManagers(e.eventManagers||{}),this._isUpdating||this._update()}_update(){this._isUpdating=!0,this._needsUpdate&&(this._needsUpdate=!1,this._rebuildViewports()),this._needsUpdate&&(this._needsUpdate=!1,this._rebuildViewports()),this._isUpdating=!1}_setSize(e,t){(e!==this.width||t!==this.height)&&(this.width=e,this.height=t,this.setNeedsUpdate("Size changed"))}_setViews(e){e=qa(e,Boolean),this._diffViews(e,this.views)&&this.setNeedsUpdate("views changed"),this.views=e}_setViewState(e){e?(!gt(e,this.viewState,3)&&this.setNeedsUpdate("viewState changed"),this.viewState=e):pe.warn("missing `viewState` or `initialViewState`")()}_setEventManagers(e){this._eventManagers!==e&&(this._eventManagers=e,this.setNeedsUpdate("eventManagers changed"))}_getCanvasIdFromView(e){return e.props.canvasId||this._getCanvasContext?.(e.id)?.id||yo}_getCanvasDimensions(e){let t=this._getCanvasContext?.(e.id),[n,i]=t?.getCSSSize()||[this.width,this.height];return{width:n,height:i}}_getViewEventManager(e){let t=this.getCanvasId(e)||yo;return{canvasId:t,eventManager:this._eventManagers[t]||this._eventManager}}_startViewportRebuild(){let e=this.controllers,t=this._viewEventManagers;return this._viewports=[],this.controllers={},this._viewEventManagers={},{oldControllers:e,oldViewEventManagers:t}}_getReusableController(e,t,n){return e&&(t?.canvasId!==n.canvasId||t?.eventManager!==n.eventManager)?(e.finalize(),null):e}_createController(e,t){let n=t.type;return new n({timeline:this.timeline,eventManager:this._getViewEventManager(e).eventManager,onViewStateChange:this._eventCallbacks.onViewStateChange,onStateChange:this._eventCallbacks.onInteractionStateChange,makeViewport:o=>this.getView(e.id)?.makeViewport({viewState:o,...this._getCanvasDimensions(e)}),pickPosition:(o,s)=>this._pickPosition?.(o,s,e.id)})}_updateController(e,t,n,i){let o=e.controller;if(o&&n){let s={...t,...o,id:e.id,x:n.x,y:n.y,width:n.width,height:n.height};return(!i||i.constructor!==o.type)&&(i=this._createController(e,s)),i&&i.setProps(s),i}return null}_rebuildViewports(){let{views:e}=this,{oldControllers:t,oldViewEventManagers:n}=this._startViewportRebuild(),i=!1;for(let o=e.length;o--;){let s=e[o],{width:a,height:c}=this._getCanvasDimensions(s),l=this._getViewEventManager(s);this._viewEventManagers[s.id]=l;let f=this.getViewState(s),u=s.makeViewport({viewState:f,width:a,height:c}),d=this._getReusableController(t[s.id],n[s.id],l),h=!!s.controller;h&&!d&&(i=!0),(i||!h)&&d&&(d.finalize(),d=null),this.controllers[s.id]=this._updateController(s,f,u,d),u&&this._viewports.unshift(u)}for(let o in t){let s=t[o];s&&!this.controllers[o]&&s.finalize()}this._buildViewportMap()}_buildViewportMap(){this._viewportMap={},this._viewports.forEach(e=>{e.id&&(this._viewportMap[e.id]=this._viewportMap[e.id]||e)})}_diffViews(e,t){return e.length!==t.length?!0:e.some((n,i)=>!e[i].equals(t[i]))}};var lG=/^(?:\d+\.?\d*|\.\d+)$/;function Br(r){switch(typeof r){case"number":if(!Number.isFinite(r))throw new Error(`Could not parse position string ${r}`);return{type:"literal",value:r};case"string":try{let e=fG(r);return new bb(e).parseExpression()}catch(e){let t=e instanceof Error?e.message:String(e);throw new Error(`Could not parse position string ${r}: ${t}`)}default:throw new Error(`Could not parse position string ${r}`)}}function _b(r,e){switch(r.type){case"literal":return r.value;case"percentage":return Math.round(r.value*e);case"binary":let t=_b(r.left,e),n=_b(r.right,e);return r.operator==="+"?t+n:t-n;default:throw new Error("Unknown layout expression type")}}function kr(r,e){return _b(r,e)}function fG(r){let e=[],t=0;for(;t<r.length;){let n=r[t];if(/\s/.test(n)){t++;continue}if(n==="+"||n==="-"||n==="("||n===")"||n==="%"){e.push({type:"symbol",value:n}),t++;continue}if(N3(n)||n==="."){let i=t,o=n===".";for(t++;t<r.length;){let a=r[t];if(N3(a)){t++;continue}if(a==="."&&!o){o=!0,t++;continue}break}let s=r.slice(i,t);if(!lG.test(s))throw new Error("Invalid number token");e.push({type:"number",value:parseFloat(s)});continue}if(F3(n)){let i=t;for(;t<r.length&&F3(r[t]);)t++;let o=r.slice(i,t).toLowerCase();e.push({type:"word",value:o});continue}throw new Error("Invalid token in position string")}return e}var bb=class{constructor(e){this.index=0,this.tokens=e}parseExpression(){let e=this.parseBinaryExpression();if(this.index<this.tokens.length)throw new Error("Unexpected token at end of expression");return e}parseBinaryExpression(){let e=this.parseFactor(),t=this.peek();for(;uG(t);){this.index++;let n=this.parseFactor();e={type:"binary",operator:t.value,left:e,right:n},t=this.peek()}return e}parseFactor(){let e=this.peek();if(!e)throw new Error("Unexpected end of expression");if(e.type==="symbol"&&e.value==="+")return this.index++,this.parseFactor();if(e.type==="symbol"&&e.value==="-"){this.index++;let t=this.parseFactor();return{type:"binary",operator:"-",left:{type:"literal",value:0},right:t}}if(e.type==="symbol"&&e.value==="("){this.index++;let t=this.parseBinaryExpression();if(!this.consumeSymbol(")"))throw new Error("Missing closing parenthesis");return t}if(e.type==="word"&&e.value==="calc"){if(this.index++,!this.consumeSymbol("("))throw new Error("Missing opening parenthesis after calc");let t=this.parseBinaryExpression();if(!this.consumeSymbol(")"))throw new Error("Missing closing parenthesis");return t}if(e.type==="number"){this.index++;let t=e.value,n=this.peek();return n&&n.type==="symbol"&&n.value==="%"?(this.index++,{type:"percentage",value:t/100}):n&&n.type==="word"&&n.value==="px"?(this.index++,{type:"literal",value:t}):{type:"literal",value:t}}throw new Error("Unexpected token in expression")}consumeSymbol(e){let t=this.peek();return t&&t.type==="symbol"&&t.value===e?(this.index++,!0):!1}peek(){return this.tokens[this.index]||null}};function N3(r){return r>="0"&&r<="9"}function F3(r){return r>="a"&&r<="z"||r>="A"&&r<="Z"}function uG(r){return!!(r&&r.type==="symbol"&&(r.value==="+"||r.value==="-"))}function U3(r,e){let t={...r};for(let n in e)n!=="id"&&(Array.isArray(t[n])&&Array.isArray(e[n])?t[n]=dG(t[n],e[n]):t[n]=e[n]);return t}function dG(r,e){r=r.slice();for(let t=0;t<e.length;t++){let n=e[t];Number.isFinite(n)&&(r[t]=n)}return r}var Es=class{constructor(e){let{id:t,x:n=0,y:i=0,width:o="100%",height:s="100%",padding:a=null}=e;this.id=t||this.constructor.displayName||"view",this.props={...e,id:this.id},this._x=Br(n),this._y=Br(i),this._width=Br(o),this._height=Br(s),this._padding=a&&{left:Br(a.left||0),right:Br(a.right||0),top:Br(a.top||0),bottom:Br(a.bottom||0)},this.equals=this.equals.bind(this),Object.seal(this)}equals(e){return this===e?!0:this.constructor===e.constructor&&gt(this.props,e.props,2)}clone(e){let t=this.constructor;return new t({...this.props,...e})}makeViewport({width:e,height:t,viewState:n}){n=this.filterViewState(n);let i=this.getDimensions({width:e,height:t});if(!i.height||!i.width)return null;let o=this.getViewportType(n);return new o({...n,...this.props,...i})}getViewStateId(){let{viewState:e}=this.props;return typeof e=="string"?e:e?.id||this.id}filterViewState(e){return this.props.viewState&&typeof this.props.viewState=="object"?this.props.viewState.id?U3(e,this.props.viewState):this.props.viewState:e}getDimensions({width:e,height:t}){let n={x:kr(this._x,e),y:kr(this._y,t),width:kr(this._width,e),height:kr(this._height,t)};return this._padding&&(n.padding={left:kr(this._padding.left,e),top:kr(this._padding.top,t),right:kr(this._padding.right,e),bottom:kr(this._padding.bottom,t)}),n}get controller(){let e=this.props.controller;return e?e===!0?{type:this.ControllerType}:typeof e=="function"?{type:e}:{type:this.ControllerType,...e}:null}};Ft();var kn=class{constructor(e){this._inProgress=!1,this._handle=null,this.time=0,this.settings={duration:0},this._timeline=e}get inProgress(){return this._inProgress}start(e){this.cancel(),this.settings=e,this._inProgress=!0,this.settings.onStart?.(this)}end(){this._inProgress&&(this._timeline.removeChannel(this._handle),this._handle=null,this._inProgress=!1,this.settings.onEnd?.(this))}cancel(){this._inProgress&&(this.settings.onInterrupt?.(this),this._timeline.removeChannel(this._handle),this._handle=null,this._inProgress=!1)}update(){if(!this._inProgress)return!1;if(this._handle===null){let{_timeline:e,settings:t}=this;this._handle=e.addChannel({delay:e.getTime(),duration:t.duration})}return this.time=this._timeline.getTime(this._handle),this._onUpdate(),this.settings.onUpdate?.(this),this._timeline.isFinished(this._handle)&&this.end(),!0}_onUpdate(){}};var z3=()=>{},G3={mode:"preserve"},hG={mode:"hard"},xb={BREAK:1,SNAP_TO_END:2,IGNORE:3},pG=r=>r,mG=xb.BREAK,ef=class{constructor(e){this._onTransitionUpdate=t=>{let{time:n,settings:{interpolator:i,startProps:o,endProps:s,duration:a,easing:c}}=t,l=c(n/a),f=i.interpolateProps(o,s,l);this.propsInTransition=this.getControllerState({...this.props,...f},G3).getViewportProps(),this.onViewStateChange({viewState:this.propsInTransition,oldViewState:this.props})},this.getControllerState=e.getControllerState,this.propsInTransition=null,this.transition=new kn(e.timeline),this.onViewStateChange=e.onViewStateChange||z3,this.onStateChange=e.onStateChange||z3}finalize(){this.transition.cancel()}getViewportInTransition(){return this.propsInTransition}processViewStateChange(e){let t=!1,n=this.props;if(this.props=e,!n||this._shouldIgnoreViewportChange(n,e))return!1;if(this._isTransitionEnabled(e)){let i=n;if(this.transition.inProgress){let{interruption:o,endProps:s}=this.transition.settings;i={...n,...o===xb.SNAP_TO_END?s:this.propsInTransition||n}}this._triggerTransition(i,e),t=!0}else this.transition.cancel();return t}updateTransition(){this.transition.update()}_isTransitionEnabled(e){let{transitionDuration:t,transitionInterpolator:n}=e;return(t>0||t==="auto")&&!!n}_isUpdateDueToCurrentTransition(e){return this.transition.inProgress&&this.propsInTransition?this.transition.settings.interpolator.arePropsEqual(e,this.propsInTransition):!1}_shouldIgnoreViewportChange(e,t){return this.transition.inProgress?this.transition.settings.interruption===xb.IGNORE||this._isUpdateDueToCurrentTransition(t):this._isTransitionEnabled(t)?t.transitionInterpolator.arePropsEqual(e,t):!0}_triggerTransition(e,t){let n=this.getControllerState(e,G3),i=this.getControllerState(t,hG).shortestPathFrom(n),o=t.transitionInterpolator,s=o.getDuration?o.getDuration(e,t):t.transitionDuration;if(s===0)return;let a=o.initializeProps(e,i);this.propsInTransition={};let c={duration:s,easing:t.transitionEasing||pG,interpolator:o,interruption:t.transitionInterruption||mG,startProps:a.start,endProps:a.end,onStart:t.onTransitionStart,onUpdate:this._onTransitionUpdate,onInterrupt:this._onTransitionEnd(t.onTransitionInterrupt),onEnd:this._onTransitionEnd(t.onTransitionEnd)};this.transition.start(c),this.onStateChange({inTransition:!0}),this.updateTransition()}_onTransitionEnd(e){return t=>{this.propsInTransition=null,this.onStateChange({inTransition:!1,isZooming:!1,isPanning:!1,isRotating:!1}),e?.(t)}}};Ft();function Oe(r,e){if(!r)throw new Error(e||"deck.gl: assertion failed.")}var tf=class{constructor(e){let{compare:t,extract:n,required:i}=e;this._propsToCompare=t,this._propsToExtract=n||t,this._requiredProps=i}arePropsEqual(e,t){for(let n of this._propsToCompare)if(!(n in e)||!(n in t)||!oi(e[n],t[n]))return!1;return!0}initializeProps(e,t){let n={},i={};for(let o of this._propsToExtract)(o in e||o in t)&&(n[o]=e[o],i[o]=t[o]);return this._checkRequiredProps(n),this._checkRequiredProps(i),{start:n,end:i}}getDuration(e,t){return t.transitionDuration}_checkRequiredProps(e){this._requiredProps&&this._requiredProps.forEach(t=>{let n=e[t];Oe(Number.isFinite(n)||Array.isArray(n),`${t} is required for transition`)})}};Ft();var gG=["longitude","latitude","zoom","bearing","pitch"],yG=["longitude","latitude","zoom"],Fi=class extends tf{constructor(e={}){let t=Array.isArray(e)?e:e.transitionProps,n=Array.isArray(e)?{}:e;n.transitionProps=Array.isArray(t)?{compare:t,required:t}:t||{compare:gG,required:yG},super(n.transitionProps),this.opts=n}initializeProps(e,t){let n=super.initializeProps(e,t),{makeViewport:i,around:o}=this.opts;if(i&&o){let s=i(e),a=i(t),c=s.unproject(o);n.start.around=o,Object.assign(n.end,{around:a.project(c),aroundPosition:c,width:t.width,height:t.height})}return n}interpolateProps(e,t,n){let i={};for(let o of this._propsToExtract)i[o]=An(e[o]||0,t[o]||0,n);if(t.aroundPosition&&this.opts.makeViewport){let o=this.opts.makeViewport({...t,...i});Object.assign(i,o.panByPosition(t.aroundPosition,An(e.around,t.around,n)))}return i}};var gi={transitionDuration:0},_G=300,bG=300,vb=r=>1-(1-r)*(1-r),xG=r=>r===1?1:1-Math.pow(2,-10*r),Ps={WHEEL:["wheel"],PAN:["panstart","panmove","panend"],PINCH:["pinchstart","pinchmove","pinchend"],MULTI_PAN:["multipanstart","multipanmove","multipanend"],DOUBLE_CLICK:["dblclick"],DOUBLE_CLICK_DRAG:["dblclickdragstart","dblclickdragmove","dblclickdragend","dblclickdragcancel"],KEYBOARD:["keydown"]},Ss={},Ts=class{constructor(e){this.state={},this._events={},this._interactionState={isDragging:!1},this._customEvents=[],this._eventStartBlocked=null,this._panMove=!1,this._multiPanMode=null,this._multiPanStartCenter=null,this._doubleClickDragAnchor=null,this._suppressDoubleClickUntil=0,this.invertPan=!1,this.dragMode="rotate",this.inertia=0,this.scrollZoom=!0,this.dragPan=!0,this.dragRotate=!0,this.doubleClickZoom=!0,this.doubleClickDragZoom=!0,this.touchZoom=!0,this.touchRotate=!1,this.multiTouchDrag=null,this.trackpadGesture=!1,this.zoomAround="pointer",this.keyboard=!0,this.transitionManager=new ef({...e,getControllerState:(t,n)=>new this.ControllerState({...t,constraintContext:n,makeViewport:e.makeViewport}),onViewStateChange:this._onTransition.bind(this),onStateChange:this._setInteractionState.bind(this)}),this.handleEvent=this.handleEvent.bind(this),this.eventManager=e.eventManager,this.onViewStateChange=e.onViewStateChange||(()=>{}),this.onStateChange=e.onStateChange||(()=>{}),this.makeViewport=e.makeViewport,this.pickPosition=e.pickPosition}set events(e){this.toggleEvents(this._customEvents,!1),this.toggleEvents(e,!0),this._customEvents=e,this.props&&this.setProps(this.props)}finalize(){for(let e in this._events)this._events[e]&&this.eventManager?.off(e,this.handleEvent);this.transitionManager.finalize()}handleEvent(e){this._controllerState=void 0;let t=this._eventStartBlocked;switch(e.type){case"panstart":return t?!1:this._onPanStart(e);case"panmove":return this._onPan(e);case"panend":return this._onPanEnd(e);case"pinchstart":return t||!this._isTrackpadGestureAllowed(e)?!1:this._onPinchStart(e);case"pinchmove":return this._isTrackpadGestureAllowed(e)?this._onPinch(e):!1;case"pinchend":return this._isTrackpadGestureAllowed(e)?this._onPinchEnd(e):!1;case"multipanstart":return t?!1:this._onMultiPanStart(e);case"multipanmove":return this._onMultiPan(e);case"multipanend":return this._onMultiPanEnd(e);case"dblclick":return this._onDoubleClick(e);case"dblclickdragstart":return t?!1:this._onDoubleClickDragStart(e);case"dblclickdragmove":return this._onDoubleClickDrag(e);case"dblclickdragend":case"dblclickdragcancel":return this._onDoubleClickDragEnd(e);case"wheel":return this._onWheel(e);case"keydown":return this._onKeyDown(e);default:return!1}}get controllerState(){return this._controllerState=this._controllerState||new this.ControllerState({makeViewport:this.makeViewport,...this.props,...this.state}),this._controllerState}getCenter(e){let{x:t,y:n}=this.props,{offsetCenter:i}=e;return[i.x-t,i.y-n]}getZoomPosition(e){if(this.zoomAround==="pointer")return e;let t=this.makeViewport(this.controllerState.getViewportProps()),[n,i]=mo(t.center,t.pixelProjectionMatrix);return[n,i]}isPointInBounds(e,t){let{width:n,height:i}=this.props;if(t&&t.handled)return!1;let o=e[0]>=0&&e[0]<=n&&e[1]>=0&&e[1]<=i;return o&&t&&t.stopPropagation(),o}isFunctionKeyPressed(e){let{srcEvent:t}=e;return!!(t.metaKey||t.altKey||t.ctrlKey||t.shiftKey)}isDragging(){return this._interactionState.isDragging||!1}blockEvents(e){let t=setTimeout(()=>{this._eventStartBlocked===t&&(this._eventStartBlocked=null)},e);this._eventStartBlocked=t}setProps(e){e.maxBoundsPadding===void 0&&(e.maxBoundsPadding=null),e.dragMode&&(this.dragMode=e.dragMode);let t=this.props;this.props=e,"transitionInterpolator"in e||(e.transitionInterpolator=this._getTransitionProps().transitionInterpolator),this.transitionManager.processViewStateChange(e);let{inertia:n}=e;this.inertia=Number.isFinite(n)?n:n===!0?_G:0;let{scrollZoom:i=!0,dragPan:o=!0,dragRotate:s=!0,doubleClickZoom:a=!0,doubleClickDragZoom:c=!1,touchZoom:l=!0,touchRotate:f=!1,multiTouchDrag:u=f?"rotate":null,trackpadGesture:d=!1,zoomAround:h="pointer",keyboard:p=!0}=e,g=!!this.onViewStateChange;if(this.toggleEvents(Ps.WHEEL,g&&i),this.toggleEvents(Ps.PAN,g),this.toggleEvents(Ps.PINCH,g&&(l||u==="rotate")),this.toggleEvents(Ps.MULTI_PAN,g&&!!u),this.toggleEvents(Ps.DOUBLE_CLICK,g&&a),this.toggleEvents(Ps.DOUBLE_CLICK_DRAG,g&&c),this.toggleEvents(Ps.KEYBOARD,g&&p),this.scrollZoom=i,this.dragPan=o,this.dragRotate=s,this.doubleClickZoom=a,this.doubleClickDragZoom=c,this.touchZoom=l,this.touchRotate=u==="rotate",this.multiTouchDrag=u,this.trackpadGesture=d,this.zoomAround=h,this.keyboard=p,(!t||t.height!==e.height||t.width!==e.width||t.maxBounds!==e.maxBounds||t.maxBoundsPadding!==e.maxBoundsPadding)&&e.maxBounds){let w=new this.ControllerState({...e,makeViewport:this.makeViewport}),x=w.getViewportProps();Object.keys(x).some(v=>!gt(x[v],e[v],1))&&this.updateViewport(w)}}updateTransition(){this.transitionManager.updateTransition()}toggleEvents(e,t){this.eventManager&&e.forEach(n=>{this._events[n]!==t&&(this._events[n]=t,t?this.eventManager.on(n,this.handleEvent):this.eventManager.off(n,this.handleEvent))})}updateViewport(e,t=null,n={}){let i={...e.getViewportProps(),...t},o=this.controllerState!==e;if(this.state=e.getState(),this._setInteractionState(n),o){let s=this.controllerState&&this.controllerState.getViewportProps();this.onViewStateChange&&this.onViewStateChange({viewState:i,interactionState:this._interactionState,oldViewState:s,viewId:this.props.id})}}_onTransition(e){this.onViewStateChange({...e,interactionState:this._interactionState,viewId:this.props.id})}_setInteractionState(e){Object.assign(this._interactionState,e),this.onStateChange(this._interactionState)}_getConstraintContext(e,t){return this.props.rubberBand?{mode:t==="update"?"elastic":t==="end"?"rebound":"hard"}:{mode:"hard"}}_getReboundTransition(e,t){if(e.mode!=="rebound")return null;let n=t.getViewportProps();return Object.keys(n).some(o=>!gt(this.props[o],n[o],1))?{...this._getTransitionProps(),transitionDuration:bG,transitionEasing:xG}:null}_onPanStart(e){let t=this.getCenter(e);if(!this.isPointInBounds(t,e))return!1;let n=this.isFunctionKeyPressed(e)||e.rightButton||!1;(this.invertPan||this.dragMode==="pan")&&(n=!n);let i=n?"pan":"rotate",o=this._getConstraintContext(i,"start"),s=n?this.controllerState.panStart({pos:t},o):this.controllerState.rotateStart({pos:t},o);return this._panMove=n,this.updateViewport(s,gi,{isDragging:!0}),!0}_onPan(e){return this.isDragging()?this._panMove?this._onPanMove(e):this._onPanRotate(e):!1}_onPanEnd(e){return this.isDragging()?this._panMove?this._onPanMoveEnd(e):this._onPanRotateEnd(e):!1}_onPanMove(e){if(!this.dragPan)return!1;let t=this.getCenter(e),n=this.controllerState.pan({pos:t},this._getConstraintContext("pan","update"));return this.updateViewport(n,gi,{isDragging:!0,isPanning:!0}),!0}_onPanMoveEnd(e){let{inertia:t}=this;if(this.dragPan&&t&&e.velocity){let n=this.getCenter(e),i=[n[0]+e.velocityX*t/2,n[1]+e.velocityY*t/2],o=this.controllerState.pan({pos:i}).panEnd();this.updateViewport(o,{...this._getTransitionProps(),transitionDuration:t,transitionEasing:vb},{isDragging:!1,isPanning:!0})}else{let n=this.controllerState,i=this._getConstraintContext("pan","end"),o=n.panEnd(i),s=this._getReboundTransition(i,o);this.updateViewport(o,s,{isDragging:!1,isPanning:!!s})}return!0}_onPanRotate(e){if(!this.dragRotate)return!1;let t=this.getCenter(e),n=this.controllerState.rotate({pos:t},this._getConstraintContext("rotate","update"));return this.updateViewport(n,gi,{isDragging:!0,isRotating:!0}),!0}_onPanRotateEnd(e){let{inertia:t}=this;if(this.dragRotate&&t&&e.velocity){let n=this.getCenter(e),i=[n[0]+e.velocityX*t/2,n[1]+e.velocityY*t/2],o=this.controllerState.rotate({pos:i}).rotateEnd();this.updateViewport(o,{...this._getTransitionProps(),transitionDuration:t,transitionEasing:vb},{isDragging:!1,isRotating:!0})}else{let n=this.controllerState,i=this._getConstraintContext("rotate","end"),o=n.rotateEnd(i),s=this._getReboundTransition(i,o);this.updateViewport(o,s,{isDragging:!1,isRotating:!!s})}return!0}_onWheel(e){if(!this.scrollZoom||this.trackpadGesture&&e.device!=="mouse")return!1;let t=this.getCenter(e);if(!this.isPointInBounds(t,e))return!1;e.srcEvent.preventDefault();let{speed:n=.01,smooth:i=!1}=this.scrollZoom===!0?{}:this.scrollZoom,{delta:o}=e,s=2/(1+Math.exp(-Math.abs(o*n)));o<0&&s!==0&&(s=1/s);let a=this.getZoomPosition(t),c=i?{...this._getTransitionProps({around:a}),transitionDuration:250}:gi,l=this.controllerState.zoom({pos:a,scale:s});return this.updateViewport(l,c,{isZooming:!0,isPanning:!0}),i||this._setInteractionState({isZooming:!1,isPanning:!1}),!0}_onMultiPanStart(e){let{multiTouchDrag:t}=this;if(!t||!this._isMultiPanEventAllowed(e,t))return!1;let n=e.offsetCenter;if(!this.isPointInBounds(this.getCenter(e),e))return!1;let i=e.pointerType==="trackpad",o={x:n.x-(i?0:e.deltaX),y:n.y-(i?0:e.deltaY)},s={...e,offsetCenter:o},a=this.getCenter(s),c=t==="pan"?this.controllerState.panStart({pos:a},this._getConstraintContext("pan","start")):this.controllerState.rotateStart({pos:a},this._getConstraintContext("rotate","start"));return this._multiPanMode=t,this._multiPanStartCenter=o,this.updateViewport(c,gi,{isDragging:!0}),!0}_onMultiPan(e){let{mode:t,event:n}=this._getMultiPanEvent(e);return!t||!n||!this.isDragging()?!1:t==="pan"?this._onPanMove(n):this._onPanRotate(n)}_onMultiPanEnd(e){let{mode:t,event:n}=this._getMultiPanEvent(e);if(!t||!n||!this.isDragging())return this._resetMultiPan(),!1;let i=t==="pan"?this._onPanMoveEnd(n):this._onPanRotateEnd(n);return this._resetMultiPan(),i}_isTrackpadGestureAllowed(e){return e.pointerType!=="trackpad"||this.trackpadGesture}_isMultiPanEventAllowed(e,t){return e.pointerType==="trackpad"?this.trackpadGesture&&(t==="pan"?this.dragPan:this.dragRotate):e.pointerType==="touch"&&(t==="pan"?this.dragPan:this.dragRotate)}_getMultiPanEvent(e){let t=this._multiPanMode,n=this._multiPanStartCenter;return!t||!n?{mode:null,event:null}:{mode:t,event:{...e,offsetCenter:{x:n.x+e.deltaX,y:n.y+e.deltaY}}}}_resetMultiPan(){this._multiPanMode=null,this._multiPanStartCenter=null}_onPinchStart(e){this._doubleClickDragAnchor=null;let t=this.getCenter(e);if(!this.isPointInBounds(t,e))return!1;let n=this.controllerState.zoomStart({pos:this.getZoomPosition(t)},this._getConstraintContext("zoom","start")).rotateStart({pos:t},this._getConstraintContext("rotate","start"));return Ss._startPinchRotation=e.rotation,Ss._lastPinchEvent=e,this.updateViewport(n,gi,{isDragging:!0}),!0}_onPinch(e){if(!this.touchZoom&&!this.touchRotate||!this.isDragging())return!1;let t=this.controllerState;if(this.touchZoom){let{scale:n}=e,i=this.getCenter(e);t=t.zoom({pos:this.getZoomPosition(i),scale:n},this._getConstraintContext("zoom","update"))}if(this.touchRotate){let{rotation:n}=e;t=t.rotate({deltaAngleX:Ss._startPinchRotation-n},this._getConstraintContext("rotate","update"))}return this.updateViewport(t,gi,{isDragging:!0,isPanning:this.touchZoom,isZooming:this.touchZoom,isRotating:this.touchRotate}),Ss._lastPinchEvent=e,!0}_onPinchEnd(e){if(!this.isDragging())return!1;let{inertia:t}=this,{_lastPinchEvent:n}=Ss;if(this.touchZoom&&t&&n&&e.scale!==n.scale){let i=this.getCenter(e),o=this.getZoomPosition(i),s=this.controllerState.rotateEnd(),a=Math.log2(e.scale),c=(a-Math.log2(n.scale))/(e.deltaTime-n.deltaTime),l=Math.pow(2,a+c*t/2);s=s.zoom({pos:o,scale:l}).zoomEnd(),this.updateViewport(s,{...this._getTransitionProps({around:o}),transitionDuration:t,transitionEasing:vb},{isDragging:!1,isPanning:this.touchZoom,isZooming:this.touchZoom,isRotating:!1}),this.blockEvents(t)}else{let i=this.controllerState,o=this._getConstraintContext("zoom","end"),s=this._getConstraintContext("rotate","end"),a=i.zoomEnd(o).rotateEnd(s),c=this._getReboundTransition(this.touchZoom?o:s,a);this.updateViewport(a,c,{isDragging:!1,isPanning:!!c&&this.touchZoom,isZooming:!!c&&this.touchZoom,isRotating:!!c&&this.touchRotate})}return Ss._startPinchRotation=null,Ss._lastPinchEvent=null,!0}_onDoubleClick(e){if(!this.doubleClickZoom||Date.now()<this._suppressDoubleClickUntil)return!1;let t=this.getCenter(e);if(!this.isPointInBounds(t,e))return!1;let n=this.isFunctionKeyPressed(e),i=this.getZoomPosition(t),o=this.controllerState.zoom({pos:i,scale:n?.5:2});return this.updateViewport(o,this._getTransitionProps({around:i}),{isZooming:!0,isPanning:!0}),this.blockEvents(100),!0}_onDoubleClickDragStart(e){if(!this.doubleClickDragZoom)return this._doubleClickDragAnchor=null,!1;let t=this.getCenter(e);if(!this.isPointInBounds(t,e))return this._doubleClickDragAnchor=null,!1;this._doubleClickDragAnchor=this.getZoomPosition(t);let n=this.controllerState.zoomStart({pos:this._doubleClickDragAnchor},this._getConstraintContext("zoom","start"));return e.scale!==1&&(n=n.zoom({pos:this._doubleClickDragAnchor,scale:e.scale},this._getConstraintContext("zoom","update"))),this.updateViewport(n,gi,{isDragging:!0,isPanning:!0,isZooming:!0}),!0}_onDoubleClickDrag(e){let t=this._doubleClickDragAnchor;if(!t)return!1;let n=this.controllerState.zoom({pos:t,scale:e.scale},this._getConstraintContext("zoom","update"));return this.updateViewport(n,gi,{isDragging:!0,isPanning:!0,isZooming:!0}),!0}_onDoubleClickDragEnd(e){if(!this._doubleClickDragAnchor)return!1;this._doubleClickDragAnchor=null;let n=this.controllerState,i=this._getConstraintContext("zoom","end"),o=n.zoomEnd(i),s=this._getReboundTransition(i,o);return this.updateViewport(o,s,{isDragging:!1,isPanning:!!s,isZooming:!!s}),this._suppressDoubleClickUntil=Date.now()+100,this.blockEvents(100),!0}_onKeyDown(e){if(!this.keyboard)return!1;let t=this.isFunctionKeyPressed(e),{zoomSpeed:n,moveSpeed:i,rotateSpeedX:o,rotateSpeedY:s}=this.keyboard===!0?{}:this.keyboard,{controllerState:a}=this,c,l={};switch(e.srcEvent.code){case"Minus":c=t?a.zoomOut(n).zoomOut(n):a.zoomOut(n),l.isZooming=!0;break;case"Equal":c=t?a.zoomIn(n).zoomIn(n):a.zoomIn(n),l.isZooming=!0;break;case"ArrowLeft":t?(c=a.rotateLeft(o),l.isRotating=!0):(c=a.moveLeft(i),l.isPanning=!0);break;case"ArrowRight":t?(c=a.rotateRight(o),l.isRotating=!0):(c=a.moveRight(i),l.isPanning=!0);break;case"ArrowUp":t?(c=a.rotateUp(s),l.isRotating=!0):(c=a.moveUp(i),l.isPanning=!0);break;case"ArrowDown":t?(c=a.rotateDown(s),l.isRotating=!0):(c=a.moveDown(i),l.isPanning=!0);break;default:return!1}return this.updateViewport(c,this._getTransitionProps(),l),!0}_getTransitionProps(e){let{transition:t}=this;return!t||!t.transitionInterpolator?gi:e?{...t,transitionInterpolator:new Fi({...e,...t.transitionInterpolator.opts,makeViewport:this.controllerState.makeViewport})}:t}};var bn=Symbol("constraintAround"),Ls=class{constructor(e,t,n,i){this.makeViewport=n,this._viewportProps=this.applyConstraints(e,i),this._state=t}getViewportProps(){return this._viewportProps}getState(){return this._state}};function _o(r,e,t){let n=r-e;return n&&Number.isFinite(n)?e+n*t/(t+Math.abs(n)):e}function Za(r,e,t){let n=kr(Br(t?.left??0),r),i=kr(Br(t?.right??0),r),o=kr(Br(t?.top??0),e),s=kr(Br(t?.bottom??0),e);return{x:n,y:o,width:r-n-i,height:e-o-s}}function wh(r,e,t){let[n,i]=r.project(e);return n=Number.isFinite(n)?n:r.width/2,i=Number.isFinite(i)?i:r.height/2,{left:n-t.x,right:t.x+t.width-n,top:i-t.y,bottom:t.y+t.height-i}}var $3=5,vG=1.2,V3=512,W3=[[-1/0,-90],[1/0,90]],wG=1;function rf([r,e]){if(Math.abs(e)>90&&(e=Math.sign(e)*90),Number.isFinite(r)){let[n,i]=Pr([r,e]);return[n,lt(i,0,V3)]}let[,t]=Pr([0,e]);return[r,lt(t,0,V3)]}var wb=class extends Ls{constructor(e){let{width:t,height:n,latitude:i,longitude:o,zoom:s,bearing:a=0,pitch:c=0,altitude:l=1.5,position:f=[0,0,0],maxZoom:u=20,minZoom:d=0,maxPitch:h=60,minPitch:p=0,startPanLngLat:g,startZoomLngLat:y,startRotatePos:w,startRotateLngLat:x,startBearing:b,startPitch:v,startZoom:T,normalize:L=!0,rubberBand:D=!1}=e,{[bn]:B}=e;Oe(Number.isFinite(o)),Oe(Number.isFinite(i)),Oe(Number.isFinite(s));let F=e.maxBounds||(L?W3:null),M=e.maxBoundsPadding||null;super({width:t,height:n,latitude:i,longitude:o,zoom:s,bearing:a,pitch:c,altitude:l,maxZoom:u,minZoom:d,maxPitch:h,minPitch:p,normalize:L,position:f,maxBounds:F,maxBoundsPadding:M,rubberBand:D,[bn]:B},{startPanLngLat:g,startZoomLngLat:y,startRotatePos:w,startRotateLngLat:x,startBearing:b,startPitch:v,startZoom:T},e.makeViewport,e.constraintContext),this.getAltitude=e.getAltitude}panStart({pos:e},t){return this._getUpdatedState({startPanLngLat:this._unproject(e)},t)}pan({pos:e,startPos:t},n){let i=this.getState().startPanLngLat||this._unproject(t);if(!i)return this;let s=this.makeViewport(this.getViewportProps()).panByPosition(i,e);return this._getUpdatedState(s,n)}panEnd(e){return this._getUpdatedState({startPanLngLat:null},e)}rotateStart({pos:e}){let t=this.getAltitude?.(e);return this._getUpdatedState({startRotatePos:e,startRotateLngLat:t!==void 0?this._unproject3D(e,t):void 0,startBearing:this.getViewportProps().bearing,startPitch:this.getViewportProps().pitch})}rotate({pos:e,deltaAngleX:t=0,deltaAngleY:n=0}){let{startRotatePos:i,startRotateLngLat:o,startBearing:s,startPitch:a}=this.getState();if(!i||s===void 0||a===void 0)return this;let c;if(e?c=this._getNewRotation(e,i,a,s):c={bearing:s+t,pitch:a+n},o){let l=this.makeViewport({...this.getViewportProps(),...c}),f="panByPosition3D"in l?"panByPosition3D":"panByPosition";return this._getUpdatedState({...c,...l[f](o,i)})}return this._getUpdatedState(c)}rotateEnd(){return this._getUpdatedState({startRotatePos:null,startRotateLngLat:null,startBearing:null,startPitch:null})}zoomStart({pos:e},t){return this._getUpdatedState({startZoomLngLat:this._unproject(e),startZoom:this.getViewportProps().zoom},t)}zoom({pos:e,startPos:t,scale:n},i){let{startZoom:o,startZoomLngLat:s}=this.getState();return s||(o=this.getViewportProps().zoom,s=this._unproject(t)||this._unproject(e)),s?this._getUpdatedState({zoom:o+Math.log2(n),[bn]:{position:s,screenPosition:e}},i):this}zoomEnd(e){return this._getUpdatedState({startZoomLngLat:null,startZoom:null},e)}zoomIn(e=2,t){return this._zoomFromCenter(e,t)}zoomOut(e=2,t){return this._zoomFromCenter(1/e,t)}moveLeft(e=100,t){return this._panFromCenter([e,0],t)}moveRight(e=100,t){return this._panFromCenter([-e,0],t)}moveUp(e=100,t){return this._panFromCenter([0,e],t)}moveDown(e=100,t){return this._panFromCenter([0,-e],t)}rotateLeft(e=15){return this._getUpdatedState({bearing:this.getViewportProps().bearing-e})}rotateRight(e=15){return this._getUpdatedState({bearing:this.getViewportProps().bearing+e})}rotateUp(e=10){return this._getUpdatedState({pitch:this.getViewportProps().pitch+e})}rotateDown(e=10){return this._getUpdatedState({pitch:this.getViewportProps().pitch-e})}shortestPathFrom(e){let t=e.getViewportProps(),n={...this.getViewportProps()},{bearing:i,longitude:o}=n;return Math.abs(i-t.bearing)>180&&(n.bearing=i<0?i+360:i-360),Math.abs(o-t.longitude)>180&&(n.longitude=o<0?o+360:o-360),n}applyConstraints(e,t){let n=e,i=n[bn];delete n[bn];let{maxPitch:o,minPitch:s,pitch:a,bearing:c,normalize:l,maxBounds:f,rubberBand:u}=e;l&&(c<-180||c>180)&&(e.bearing=ib(c+180,360)-180),e.pitch=lt(a,s,o);let d=this._constrainZoom(e.zoom,e),h=u&&t?.mode==="elastic";if(e.zoom=t?.mode==="preserve"?e.zoom:h?_o(e.zoom,d,wG):d,i){let p=this.makeViewport(e);Object.assign(e,p.panByPosition(i.position,i.screenPosition))}if(l&&(e.longitude<-180||e.longitude>180)&&(e.longitude=ib(e.longitude+180,360)-180),f){let p=Za(e.width,e.height,e.maxBoundsPadding),g=this.makeViewport({...e,bearing:0,pitch:0}),y=wh(g,[e.longitude,e.latitude],p),w=rf(f[0]),x=rf(f[1]),b=2**e.zoom,v=[w[0]+y.left/b,w[1]+y.bottom/b],T=[x[0]-y.right/b,x[1]-y.top/b],L=rf([e.longitude,e.latitude]),D=[lt(L[0],v[0],T[0]),lt(L[1],v[1],T[1])],B=L.slice();if(p.width>=0&&(B[0]=t?.mode==="preserve"?L[0]:h?_o(L[0],D[0],p.width/2/b):D[0]),p.height>=0&&(B[1]=t?.mode==="preserve"?L[1]:h?_o(L[1],D[1],p.height/2/b):D[1]),B[0]!==L[0]||B[1]!==L[1]){let[F,M]=Xr(B);B[0]!==L[0]&&(e.longitude=F),B[1]!==L[1]&&(e.latitude=M)}}return e}_constrainZoom(e,t){t||(t=this.getViewportProps());let{maxZoom:n,maxBounds:i}=t,o=i!==null&&t.width>0&&t.height>0,{minZoom:s}=t;if(o){let a=Za(t.width,t.height,t.maxBoundsPadding),c=rf(i[0]),l=rf(i[1]),f=l[0]-c[0],u=l[1]-c[1];a.width>0&&Number.isFinite(f)&&f>0&&(s=Math.max(s,Math.log2(a.width/f))),a.height>0&&Number.isFinite(u)&&u>0&&(s=Math.max(s,Math.log2(a.height/u))),s>n&&(s=n)}return lt(e,s,n)}_zoomFromCenter(e,t){let{width:n,height:i}=this.getViewportProps();return this.zoom({pos:[n/2,i/2],scale:e},t)}_panFromCenter(e,t){let{width:n,height:i}=this.getViewportProps();return this.pan({startPos:[n/2,i/2],pos:[n/2+e[0],i/2+e[1]]},t)}_getUpdatedState(e,t){return new this.constructor({makeViewport:this.makeViewport,...this.getViewportProps(),...this.getState(),...e,constraintContext:t})}_unproject(e){let t=this.makeViewport(this.getViewportProps());return e&&t.unproject(e)}_unproject3D(e,t){return this.makeViewport(this.getViewportProps()).unproject(e,{targetZ:t})}_getNewRotation(e,t,n,i){let o=e[0]-t[0],s=e[1]-t[1],a=e[1],c=t[1],{width:l,height:f}=this.getViewportProps(),u=o/l,d=0;s>0?Math.abs(f-c)>$3&&(d=s/(c-f)*vG):s<0&&c>$3&&(d=1-a/c),d=lt(d,-1,1);let{minPitch:h,maxPitch:p}=this.getViewportProps(),g=i+180*u,y=n;return d>0?y=n+d*(p-n):d<0&&(y=n-d*(h-n)),{pitch:y,bearing:g}}},nf=class extends Ts{constructor(){super(...arguments),this.ControllerState=wb,this.transition={transitionDuration:300,transitionInterpolator:new Fi({transitionProps:{compare:["longitude","latitude","zoom","bearing","pitch","position"],required:["longitude","latitude","zoom"]}})},this.dragMode="pan",this.rotationPivot="center",this._getAltitude=e=>{if(this.rotationPivot==="2d")return 0;if(this.rotationPivot==="3d"&&this.pickPosition){let{x:t,y:n}=this.props,i=this.pickPosition(t+e[0],n+e[1]);if(i&&i.coordinate&&i.coordinate.length>=3)return i.coordinate[2]}}}setProps(e){"rotationPivot"in e&&(this.rotationPivot=e.rotationPivot||"center"),e.getAltitude=this._getAltitude,e.position=e.position||[0,0,0],e.maxBounds=e.maxBounds||(e.normalize===!1?null:W3),super.setProps(e)}updateViewport(e,t=null,n={}){let i=e.getState();n.isDragging&&i.startRotateLngLat?n={...n,rotationPivotPosition:i.startRotateLngLat}:n.isDragging===!1&&(n={...n,rotationPivotPosition:void 0}),super.updateViewport(e,t,n)}};var Eh=class extends Es{constructor(e={}){super(e)}getViewportType(){return bs}get ControllerType(){return nf}};Eh.displayName="MapView";var j3=Eh;var EG=new Na;function PG(r,e){let t=r.order??1/0,n=e.order??1/0;return t-n}var of=class{constructor(e){this._resolvedEffects=[],this._defaultEffects=[],this.effects=[],this._context=e,this._needsRedraw="Initial render",this._setEffects([])}addDefaultEffect(e){let t=this._defaultEffects;if(!t.find(n=>n.id===e.id)){let n=t.findIndex(i=>PG(i,e)>0);n<0?t.push(e):t.splice(n,0,e),e.setup(this._context),this._setEffects(this.effects)}}setProps(e){"effects"in e&&(gt(e.effects,this.effects,1)||this._setEffects(e.effects))}needsRedraw(e={clearRedrawFlags:!1}){let t=this._needsRedraw;return e.clearRedrawFlags&&(this._needsRedraw=!1),t}getEffects(){return this._resolvedEffects}_setEffects(e){let t={};for(let i of this.effects)t[i.id]=i;let n=[];for(let i of e){let o=t[i.id],s=i;o&&o!==i?o.setProps?(o.setProps(i.props),s=o):o.cleanup(this._context):o||i.setup(this._context),n.push(s),delete t[i.id]}for(let i in t)t[i].cleanup(this._context);this.effects=n,this._resolvedEffects=n.concat(this._defaultEffects),e.some(i=>i instanceof Na)||this._resolvedEffects.push(EG),this._needsRedraw="effects changed"}finalize(){for(let e of this._resolvedEffects)e.cleanup(this._context);this.effects.length=0,this._resolvedEffects.length=0,this._defaultEffects.length=0}};var sf=class extends Di{shouldDrawLayer(e){let{operation:t}=e.props;return t.includes("draw")||t.includes("terrain")}render(e){return this._render(e)}};var SG="deckRenderer.renderLayers",af=class{constructor(e,t={}){this.device=e,this.stats=t.stats,this.layerFilter=null,this.drawPickingColors=!1,this.drawLayersPass=new sf(e),this.pickLayersPass=new ws(e),this.renderCount=0,this._needsRedraw="Initial render",this.renderBuffers=[],this.lastPostProcessEffect=null}setProps(e){this.layerFilter!==e.layerFilter&&(this.layerFilter=e.layerFilter,this._needsRedraw="layerFilter changed"),this.drawPickingColors!==e.drawPickingColors&&(this.drawPickingColors=e.drawPickingColors,this._needsRedraw="drawPickingColors changed")}renderLayers(e){let t=this.drawPickingColors?this.pickLayersPass:this.drawLayersPass,n={layerFilter:this.layerFilter,isPicking:this.drawPickingColors,...e};if(!e.viewports.length){let a=t.render(n),c="stats"in a?a.stats:a;this._updateStats(c);return}n.effects&&this._preRender(n.effects,n);let i=this.lastPostProcessEffect?this.renderBuffers[0]:n.target;this.lastPostProcessEffect&&(n.clearColor=[0,0,0,0],n.clearCanvas=!0);let o=t.render({...n,target:i}),s="stats"in o?o.stats:o;n.effects&&(this.lastPostProcessEffect&&(n.clearCanvas=e.clearCanvas===void 0?!0:e.clearCanvas),this._postRender(n.effects,n)),this.renderCount++,mt(SG,this,s,e),this._updateStats(s)}needsRedraw(e={clearRedrawFlags:!1}){let t=this._needsRedraw;return e.clearRedrawFlags&&(this._needsRedraw=!1),t}finalize(){let{renderBuffers:e}=this;for(let t of e)t.delete();e.length=0}_updateStats(e){if(!this.stats)return;let t=0;for(let{visibleCount:n}of e)t+=n;this.stats.get("Layers rendered").addCount(t)}_preRender(e,t){this.lastPostProcessEffect=null,t.preRenderStats=t.preRenderStats||{};for(let n of e)t.preRenderStats[n.id]=n.preRender(t),n.postRender&&(this.lastPostProcessEffect=n.id);this.lastPostProcessEffect&&this._resizeRenderBuffers(t.canvasContext)}_resizeRenderBuffers(e=this.device.canvasContext){let{renderBuffers:t}=this,n=e.getDrawingBufferSize(),[i,o]=n;t.length===0&&[0,1].map(s=>{let a=this.device.createTexture({sampler:{minFilter:"linear",magFilter:"linear"},width:i,height:o});t.push(this.device.createFramebuffer({id:`deck-renderbuffer-${s}`,colorAttachments:[a]}))});for(let s of t)s.resize(n)}_postRender(e,t){let{renderBuffers:n}=this,i=t.target??t.canvasContext?.getCurrentFramebuffer()??t.target,o={...t,inputBuffer:n[0],swapBuffer:n[1]};for(let s of e)if(s.postRender){o.target=s.id===this.lastPostProcessEffect?i:void 0;let a=s.postRender(o);o.inputBuffer=a,o.swapBuffer=a===n[0]?n[1]:n[0]}}};se();var TG={pickedColor:null,pickedObjectIndex:-1};function Eb({pickedColors:r,decodePickingColor:e,deviceX:t,deviceY:n,deviceRadius:i,deviceRect:o}){let{x:s,y:a,width:c,height:l}=o,f=i*i,u=-1,d=0;for(let h=0;h<l;h++){let p=h+a-n,g=p*p;if(g>f)d+=4*c;else for(let y=0;y<c;y++){if(r[d+3]-1>=0){let x=y+s-t,b=x*x+g;b<=f&&(f=b,u=d)}d+=4}}if(u>=0){let h=r.slice(u,u+4),p=e(h);if(p){let g=Math.floor(u/4/c),y=u/4-g*c;return{...p,pickedColor:h,pickedX:s+y,pickedY:a+g}}pe.error("Picked non-existent layer. Is picking buffer corrupt?")()}return TG}function Pb({pickedColors:r,decodePickingColor:e}){let t=new Map;if(r){for(let n=0;n<r.length;n+=4)if(r[n+3]-1>=0){let o=r.slice(n,n+4),s=o.join(",");if(!t.has(s)){let a=e(o);a?t.set(s,{...a,color:o}):pe.error("Picked non-existent layer. Is picking buffer corrupt?")()}}}return Array.from(t.values())}function Ph({pickInfo:r,viewports:e,pixelRatio:t,x:n,y:i,z:o}){let s=e[0];e.length>1&&(s=LG(r?.pickedViewports||e,{x:n,y:i}));let a;if(s){let c=[n-s.x,i-s.y];o!==void 0&&(c[2]=o),a=s.unproject(c)}return{color:null,layer:null,viewport:s,index:-1,picked:!1,x:n,y:i,pixel:[n,i],coordinate:a,devicePixel:r&&"pickedX"in r?[r.pickedX,r.pickedY]:void 0,pixelRatio:t}}function Sb(r){let{pickInfo:e,lastPickedInfo:t,mode:n,layers:i}=r,{pickedColor:o,pickedLayer:s,pickedObjectIndex:a}=e,c=s?[s]:[];if(n==="hover"){let u=t.index,d=t.layerId,h=s?s.props.id:null;if(h!==d||a!==u){if(h!==d){let p=i.find(g=>g.props.id===d);p&&c.unshift(p)}t.layerId=h,t.index=a,t.info=null}}let l=Ph(r),f=new Map;return f.set(null,l),c.forEach(u=>{let d={...l};u===s&&(d.color=o,d.index=a,d.picked=!0),d=Sh({layer:u,info:d,mode:n});let h=d.layer;u===s&&n==="hover"&&(t.info=d),f.set(h.id,d),n==="hover"&&h.updateAutoHighlight(d)}),f}function Sh({layer:r,info:e,mode:t}){for(;r&&e;){let n=e.layer||null;e.sourceLayer=n,e.layer=r,e=r.getPickingInfo({info:e,mode:t,sourceLayer:n}),r=r.parent}return e}function LG(r,e){for(let t=r.length-1;t>=0;t--){let n=r[t];if(n.containsPixel(e))return n}return r[0]}var cf=class{constructor(e,t={}){this._pickable=!0,this.device=e,this.stats=t.stats,this.pickLayersPass=new ws(e),this.lastPickedInfo={index:-1,layerId:null,info:null}}setProps(e){"layerFilter"in e&&(this.layerFilter=e.layerFilter),"_pickable"in e&&(this._pickable=e._pickable)}finalize(){this.pickingFBO&&this.pickingFBO.destroy(),this.depthFBO&&this.depthFBO.destroy()}pickObjectAsync(e){return this._pickClosestObjectAsync(e)}pickObjectsAsync(e){return this._pickVisibleObjectsAsync(e)}pickObject(e){return this._pickClosestObject(e)}pickObjects(e){return this._pickVisibleObjects(e)}getLastPickedObject({x:e,y:t,layers:n,viewports:i},o=this.lastPickedInfo.info){let s=o&&o.layer&&o.layer.id,a=o&&o.viewport&&o.viewport.id,c=s?n.find(d=>d.id===s):null,l=a&&i.find(d=>d.id===a)||i[0],f=l&&l.unproject([e-l.x,t-l.y]);return{...o,...{x:e,y:t,viewport:l,coordinate:f,layer:c}}}_resizeBuffer(e=this.device.getDefaultCanvasContext()){if(!this.pickingFBO){let i=this.device.createTexture({format:"rgba8unorm",width:1,height:1,usage:Ie.RENDER_ATTACHMENT|Ie.COPY_SRC});if(this.pickingFBO=this.device.createFramebuffer({colorAttachments:[i],depthStencilAttachment:"depth16unorm"}),this.device.isTextureFormatRenderable("rgba32float")){let o=this.device.createTexture({format:"rgba32float",width:1,height:1,usage:Ie.RENDER_ATTACHMENT|Ie.COPY_SRC}),s=this.device.createFramebuffer({colorAttachments:[o],depthStencilAttachment:"depth16unorm"});this.depthFBO=s}}let[t,n]=e.getDrawingBufferSize();this.pickingFBO?.resize({width:t,height:n}),this.depthFBO?.resize({width:t,height:n})}_getPickable(e){if(this._pickable===!1)return null;let t=e.filter(n=>this.pickLayersPass.shouldDrawLayer(n)&&!n.isComposite);return t.length?t:null}async _pickClosestObjectAsync({layers:e,views:t,viewports:n,x:i,y:o,radius:s=0,depth:a=1,mode:c="query",unproject3D:l,canvasContext:f=this.device.getDefaultCanvasContext(),onViewportActive:u,effects:d}){let h=f.cssToDeviceRatio(),p=this._getPickable(e);if(!p||n.length===0)return{result:[],emptyInfo:Ph({viewports:n,x:i,y:o,pixelRatio:h})};this._resizeBuffer(f);let g=f.cssToDevicePixels([i,o],!0),y=[g.x+Math.floor(g.width/2),g.y+Math.floor(g.height/2)],w=Math.round(s*h),{width:x,height:b}=this.pickingFBO,v=this._getPickingRect({deviceX:y[0],deviceY:y[1],deviceRadius:w,deviceWidth:x,deviceHeight:b}),T={x:i-s,y:o-s,width:s*2+1,height:s*2+1},L,D=[],B=new Set;for(let F=0;F<a;F++){let M;if(v){let O=await this._drawAndSampleAsync({layers:p,views:t,viewports:n,onViewportActive:u,deviceRect:v,cullRect:T,effects:d,pass:`picking:${c}`,canvasContext:f});M=Eb({...O,deviceX:y[0],deviceY:y[1],deviceRadius:w,deviceRect:v})}else M={pickedColor:null,pickedObjectIndex:-1};let N,G=this._getDepthLayers(M,p,l);if(G.length>0){let{pickedColors:O}=await this._drawAndSampleAsync({layers:G,views:t,viewports:n,onViewportActive:u,deviceRect:{x:M.pickedX??y[0],y:M.pickedY??y[1],width:1,height:1},cullRect:T,effects:d,pass:`picking:${c}:z`,canvasContext:f},!0);O[3]&&(N=O[0])}M.pickedLayer&&F+1<a&&(B.add(M.pickedLayer),M.pickedLayer.disablePickingIndex(M.pickedObjectIndex)),L=Sb({pickInfo:M,lastPickedInfo:this.lastPickedInfo,mode:c,layers:p,viewports:n,x:i,y:o,z:N,pixelRatio:h});for(let O of L.values())O.layer&&D.push(O);if(!M.pickedColor)break}for(let F of B)F.restorePickingColors();return{result:D,emptyInfo:L.get(null)}}_pickClosestObject({layers:e,views:t,viewports:n,x:i,y:o,radius:s=0,depth:a=1,mode:c="query",unproject3D:l,canvasContext:f=this.device.getDefaultCanvasContext(),onViewportActive:u,effects:d}){let h=f.cssToDeviceRatio(),p=this._getPickable(e);if(!p||n.length===0)return{result:[],emptyInfo:Ph({viewports:n,x:i,y:o,pixelRatio:h})};this._resizeBuffer(f);let g=f.cssToDevicePixels([i,o],!0),y=[g.x+Math.floor(g.width/2),g.y+Math.floor(g.height/2)],w=Math.round(s*h),{width:x,height:b}=this.pickingFBO,v=this._getPickingRect({deviceX:y[0],deviceY:y[1],deviceRadius:w,deviceWidth:x,deviceHeight:b}),T={x:i-s,y:o-s,width:s*2+1,height:s*2+1},L,D=[],B=new Set;for(let F=0;F<a;F++){let M;if(v){let O=this._drawAndSample({layers:p,views:t,viewports:n,onViewportActive:u,deviceRect:v,cullRect:T,effects:d,pass:`picking:${c}`,canvasContext:f});M=Eb({...O,deviceX:y[0],deviceY:y[1],deviceRadius:w,deviceRect:v})}else M={pickedColor:null,pickedObjectIndex:-1};let N,G=this._getDepthLayers(M,p,l);if(G.length>0){let{pickedColors:O}=this._drawAndSample({layers:G,views:t,viewports:n,onViewportActive:u,deviceRect:{x:M.pickedX??y[0],y:M.pickedY??y[1],width:1,height:1},cullRect:T,effects:d,pass:`picking:${c}:z`,canvasContext:f},!0);O[3]&&(N=O[0])}M.pickedLayer&&F+1<a&&(B.add(M.pickedLayer),M.pickedLayer.disablePickingIndex(M.pickedObjectIndex)),L=Sb({pickInfo:M,lastPickedInfo:this.lastPickedInfo,mode:c,layers:p,viewports:n,x:i,y:o,z:N,pixelRatio:h});for(let O of L.values())O.layer&&D.push(O);if(!M.pickedColor)break}for(let F of B)F.restorePickingColors();return{result:D,emptyInfo:L.get(null)}}async _pickVisibleObjectsAsync({layers:e,views:t,viewports:n,x:i,y:o,width:s=1,height:a=1,mode:c="query",maxObjects:l=null,canvasContext:f=this.device.getDefaultCanvasContext(),onViewportActive:u,effects:d}){let h=this._getPickable(e);if(!h||n.length===0)return[];this._resizeBuffer(f);let p=f.cssToDeviceRatio(),g=f.cssToDevicePixels([i,o],!0),y=g.x,w=g.y+g.height,x=f.cssToDevicePixels([i+s,o+a],!0),b=x.x+x.width,v=x.y,T={x:y,y:v,width:b-y,height:w-v},L=await this._drawAndSampleAsync({layers:h,views:t,viewports:n,onViewportActive:u,deviceRect:T,cullRect:{x:i,y:o,width:s,height:a},effects:d,pass:`picking:${c}`,canvasContext:f}),D=Pb(L),B=new Map,F=[],M=Number.isFinite(l);for(let N=0;N<D.length&&!(M&&F.length>=l);N++){let G=D[N],O={color:G.pickedColor,layer:null,index:G.pickedObjectIndex,picked:!0,x:i,y:o,pixelRatio:p};O=Sh({layer:G.pickedLayer,info:O,mode:c});let $=O.layer.id;B.has($)||B.set($,new Set);let H=B.get($),te=O.object??O.index;H.has(te)||(H.add(te),F.push(O))}return F}_pickVisibleObjects({layers:e,views:t,viewports:n,x:i,y:o,width:s=1,height:a=1,mode:c="query",maxObjects:l=null,canvasContext:f=this.device.getDefaultCanvasContext(),onViewportActive:u,effects:d}){let h=this._getPickable(e);if(!h||n.length===0)return[];this._resizeBuffer(f);let p=f.cssToDeviceRatio(),g=f.cssToDevicePixels([i,o],!0),y=g.x,w=g.y+g.height,x=f.cssToDevicePixels([i+s,o+a],!0),b=x.x+x.width,v=x.y,T={x:y,y:v,width:b-y,height:w-v},L=this._drawAndSample({layers:h,views:t,viewports:n,onViewportActive:u,deviceRect:T,cullRect:{x:i,y:o,width:s,height:a},effects:d,pass:`picking:${c}`,canvasContext:f}),D=Pb(L),B=new Map,F=[],M=Number.isFinite(l);for(let N=0;N<D.length&&!(M&&F.length>=l);N++){let G=D[N],O={color:G.pickedColor,layer:null,index:G.pickedObjectIndex,picked:!0,x:i,y:o,pixelRatio:p};O=Sh({layer:G.pickedLayer,info:O,mode:c});let $=O.layer.id;B.has($)||B.set($,new Set);let H=B.get($),te=O.object??O.index;H.has(te)||(H.add(te),F.push(O))}return F}async _drawAndSampleAsync({layers:e,views:t,viewports:n,onViewportActive:i,deviceRect:o,cullRect:s,effects:a,pass:c,canvasContext:l},f=!1){let u=f?this.depthFBO:this.pickingFBO,d={layers:e,layerFilter:this.layerFilter,views:t,viewports:n,onViewportActive:i,pickingFBO:u,deviceRect:o,cullRect:s,effects:a,pass:c,canvasContext:l,pickZ:f,preRenderStats:{},isPicking:!0};for(let T of a)T.useInPicking&&(d.preRenderStats[T.id]=T.preRender(d));let{decodePickingColor:h,stats:p}=this.pickLayersPass.render(d);this._updateStats(p);let{x:g,y,width:w,height:x}=o,b=u.colorAttachments[0]?.texture;if(!b)throw new Error("Picking framebuffer color attachment is missing");let v=await this._readTextureDataAsync(b,{x:g,y,width:w,height:x},f?Float32Array:Uint8Array);if(!f){let T=!1;for(let L=3;L<v.length;L+=4)if(v[L]!==0){T=!0;break}!T&&v.length>0&&pe.warn("Async pick readback returned only zero alpha values",{deviceRect:o,bytes:Array.from(v.subarray(0,Math.min(v.length,16)))})()}return{pickedColors:v,decodePickingColor:h}}async _readTextureDataAsync(e,t,n){let{width:i,height:o}=t,s=e.computeMemoryLayout(t),a=this.device.createBuffer({byteLength:s.byteLength,usage:de.COPY_DST|de.MAP_READ});try{e.readBuffer(t,a);let c=await a.readAsync(0,s.byteLength),l=n.BYTES_PER_ELEMENT;if(s.bytesPerRow%l!==0)throw new Error(`Texture readback row stride ${s.bytesPerRow} is not aligned to ${l}-byte elements.`);let f=new n(c.buffer,c.byteOffset,s.byteLength/l),u=i*4,d=s.bytesPerRow/l;if(d<u)throw new Error(`Texture readback row stride ${d} is smaller than packed row length ${u}.`);let h=new n(i*o*4);for(let p=0;p<o;p++){let g=p*d;h.set(f.subarray(g,g+u),p*u)}return h}finally{a.destroy()}}_drawAndSample({layers:e,views:t,viewports:n,onViewportActive:i,deviceRect:o,cullRect:s,effects:a,pass:c,canvasContext:l},f=!1){let u=f?this.depthFBO:this.pickingFBO,d={layers:e,layerFilter:this.layerFilter,views:t,viewports:n,onViewportActive:i,pickingFBO:u,deviceRect:o,cullRect:s,effects:a,pass:c,canvasContext:l,pickZ:f,preRenderStats:{},isPicking:!0};for(let v of a)v.useInPicking&&(d.preRenderStats[v.id]=v.preRender(d));let{decodePickingColor:h,stats:p}=this.pickLayersPass.render(d);this._updateStats(p);let{x:g,y,width:w,height:x}=o,b=new(f?Float32Array:Uint8Array)(w*x*4);return this.device.readPixelsToArrayWebGL(u,{sourceX:g,sourceY:y,sourceWidth:w,sourceHeight:x,target:b}),{pickedColors:b,decodePickingColor:h}}_updateStats(e){if(!this.stats)return;let t=0;for(let{visibleCount:n}of e)t+=n;this.stats.get("Layers picked").addCount(t)}_getDepthLayers(e,t,n){if(!n||!this.depthFBO)return[];let{pickedLayer:i}=e,o=i?.state?.terrainDrawMode==="drape";return i&&!o?[i]:t.filter(s=>s.props.operation.includes("terrain"))}_getPickingRect({deviceX:e,deviceY:t,deviceRadius:n,deviceWidth:i,deviceHeight:o}){let s=Math.max(0,e-n),a=Math.max(0,t-n),c=Math.min(i,e+n+1)-s,l=Math.min(o,t+n+1)-a;return c<=0||l<=0?null:{x:s,y:a,width:c,height:l}}};var AG={"top-left":{top:0,left:0},"top-right":{top:0,right:0},"bottom-left":{bottom:0,left:0},"bottom-right":{bottom:0,right:0},fill:{top:0,left:0,bottom:0,right:0}},CG="top-left",H3="root",Th=class{constructor({deck:e,parentElement:t}){this.defaultWidgets=[],this.widgets=[],this.resolvedWidgets=[],this.containers={},this.lastViewports={},this.deck=e,t?.classList.add("deck-widget-container"),this.parentElement=t}getWidgets(){return this.resolvedWidgets}setProps(e){if(e.widgets&&!gt(e.widgets,this.widgets,1)){let t=e.widgets.filter(Boolean);this._setWidgets(t)}}finalize(){for(let e of this.getWidgets())this._removeWidget(e);this.defaultWidgets.length=0,this.resolvedWidgets.length=0;for(let e in this.containers)this.containers[e].remove()}addDefault(e){this.defaultWidgets.find(t=>t.id===e.id)||(this._addWidget(e),this.defaultWidgets.push(e),this._setWidgets(this.widgets))}onRedraw({viewports:e,layers:t}){let n=e.reduce((i,o)=>(i[o.id]=o,i),{});for(let i of this.getWidgets()){let{viewId:o}=i;if(o){let s=n[o];s&&(i.onViewportChange&&i.onViewportChange(s),i.onRedraw?.({viewports:[s],layers:t}))}else{if(i.onViewportChange)for(let s of e)i.onViewportChange(s);i.onRedraw?.({viewports:e,layers:t})}}this.lastViewports=n,this._updateContainers()}onHover(e,t){for(let n of this.getWidgets()){let{viewId:i}=n;(!i||i===e.viewport?.id)&&n.onHover?.(e,t)}}getCanvasBounds(e){let n=this.deck?.getCanvas?.()?.getBoundingClientRect(),i=this.parentElement?.getBoundingClientRect(),o=this.deck?.getCanvasContext?.(e?.id);if(o&&i){o.updatePosition();let[s,a]=o.getPosition(),[c,l]=o.getCSSSize();return{x:s-i.left,y:a-i.top,width:c,height:l}}return{x:n&&i?n.left-i.left:0,y:n&&i?n.top-i.top:0,width:n?.width||this.deck?.width||0,height:n?.height||this.deck?.height||0}}onEvent(e,t){let n=Oa[t.type];if(n)for(let i of this.getWidgets()){let{viewId:o}=i;(!o||o===e.viewport?.id)&&i[n]?.(e,t)}}_setWidgets(e){let t={};for(let n of this.resolvedWidgets)t[n.id]=n;this.resolvedWidgets.length=0;for(let n of this.defaultWidgets)t[n.id]=null,this.resolvedWidgets.push(n);for(let n of e){let i=t[n.id];i?i.viewId!==n.viewId||i.placement!==n.placement?(this._removeWidget(i),this._addWidget(n)):n!==i&&(i.setProps(n.props),n=i):this._addWidget(n),t[n.id]=null,this.resolvedWidgets.push(n)}for(let n in t){let i=t[n];i&&this._removeWidget(i)}this.widgets=e}_addWidget(e){let{viewId:t=null,placement:n=CG}=e,i=e.props._container??t;e.widgetManager=this,e.deck=this.deck,e.rootElement=e._onAdd({deck:this.deck,viewId:t}),e.rootElement&&this._getContainer(i,n).append(e.rootElement),e.updateHTML()}_removeWidget(e){e.onRemove?.(),e.rootElement&&e.rootElement.remove(),e.rootElement=void 0,e.deck=void 0,e.widgetManager=void 0}_getContainer(e,t){if(e&&typeof e!="string")return e;let n=e||H3,i=this.containers[n];i||(i=document.createElement("div"),i.style.pointerEvents="none",i.style.position="absolute",i.style.overflow="hidden",this.parentElement?.append(i),this.containers[n]=i);let o=i.querySelector(`.${t}`);return o||(o=globalThis.document.createElement("div"),o.className=t,o.style.position="absolute",o.style.zIndex="2",Object.assign(o.style,AG[t]),i.append(o)),o}_updateContainers(){for(let e in this.containers){let t=this.lastViewports[e]||null,n=e===H3||t,i=this.containers[e];if(n){let o=this._getContainerBounds(t);i.style.display="block",i.style.left=`${o.x}px`,i.style.top=`${o.y}px`,i.style.width=`${o.width}px`,i.style.height=`${o.height}px`}else i.style.display="none"}}_getContainerBounds(e){if(!e)return{x:0,y:0,width:this.parentElement?.clientWidth||this.deck.width,height:this.parentElement?.clientHeight||this.deck.height};let t=this.getCanvasBounds(e);return{x:t.x+e.x,y:t.y+e.y,width:e.width,height:e.height}}};function Tb(r,e){e&&Object.entries(e).map(([t,n])=>{t.startsWith("--")?r.style.setProperty(t,n):r.style[t]=n})}function Y3(r,e){e&&Object.keys(e).map(t=>{t.startsWith("--")?r.style.removeProperty(t):r.style[t]=""})}var Xa=class{constructor(e){this.viewId=null,this.props={...this.constructor.defaultProps,...e},this.id=this.props.id}setProps(e){let t=this.props,n=this.rootElement;n&&t.className!==e.className&&(t.className&&n.classList.remove(t.className),e.className&&n.classList.add(e.className)),n&&!gt(t.style,e.style,1)&&(Y3(n,t.style),Tb(n,e.style)),Object.assign(this.props,e),this.updateHTML()}updateHTML(){this.rootElement&&this.onRenderHTML(this.rootElement)}get viewIds(){return this.viewId?[this.viewId]:this.deck?.getViews().map(e=>e.id)??[]}getViewState(e){return this.deck?.viewManager?.getViewState(e)||{}}setViewState(e,t){this.deck?._onViewStateChange({viewId:e,viewState:t,interactionState:{}})}onCreateRootElement(){let e=["deck-widget",this.className,this.props.className],t=document.createElement("div");return e.filter(n=>typeof n=="string"&&n.length>0).forEach(n=>t.classList.add(n)),Tb(t,this.props.style),t}_onAdd(e){return this.onAdd(e)??this.onCreateRootElement()}onAdd(e){}onRemove(){}onViewportChange(e){}onRedraw(e){}onHover(e,t){}onClick(e,t){}onDrag(e,t){}onDragStart(e,t){}onDragEnd(e,t){}};Xa.defaultProps={id:"widget",style:{},_container:null,className:""};var MG={zIndex:"1",position:"absolute",pointerEvents:"none",color:"#a0a7b4",backgroundColor:"#29323c",padding:"10px",top:"0",left:"0",display:"none"},lf=class extends Xa{constructor(e={}){super(e),this.id="default-tooltip",this.placement="fill",this.className="deck-tooltip",this.isVisible=!1,this.setProps(e)}onCreateRootElement(){let e=document.createElement("div");return e.className=this.className,Object.assign(e.style,MG),e}onRenderHTML(e){}onViewportChange(e){this.isVisible&&e.id===this.lastViewport?.id&&!e.equals(this.lastViewport)&&this.setTooltip(null),this.lastViewport=e}onHover(e){let{deck:t}=this,n=t&&t.props.getTooltip;if(!n)return;let i=n(e),o=this.widgetManager?.getCanvasBounds(e.viewport),s=e.x+(o?.x||0),a=e.y+(o?.y||0);this.setTooltip(i,s,a)}setTooltip(e,t,n){let i=this.rootElement;if(i){if(typeof e=="string")i.innerText=e;else if(e)e.text&&(i.innerText=e.text),e.html&&(i.innerHTML=e.html),e.className&&(i.className=e.className);else{this.isVisible=!1,i.style.display="none";return}this.isVisible=!0,i.style.display="block",i.style.transform=`translate(${t}px, ${n}px)`,e&&typeof e=="object"&&"style"in e&&Object.assign(i.style,e.style)}}};lf.defaultProps={...Xa.defaultProps};var ff=class{constructor(e){this.targets={},this.order=[],this.eventManagers={},this._eventRootToCanvasId=new WeakMap,this._createEventManager=e.createEventManager,this._getEventRoot=e.getEventRoot}finalize(){for(let e of Object.values(this.targets))e.eventManager.destroy(),e.presentationContext.destroy();this.targets={},this.order=[],this.eventManagers={},this._eventRootToCanvasId=new WeakMap}syncCanvasEntries(e){let t=this._normalizeCanvasList(e.canvases),n={},i=[],o=new Map;for(let{canvas:a}of t){let c=this._getEventRoot(a);o.set(c,(o.get(c)||0)+1)}for(let{id:a,canvas:c}of t){let l=this._getEventRoot(c),f=o.get(l)===1?l:c,u=this.targets[a];if(!u||u.device!==e.device||u.canvas!==c||u.eventRoot!==f){u?.eventManager.destroy(),u?.presentationContext.destroy();let d=e.device.createPresentationContext({id:a,canvas:c,useDevicePixels:e.useDevicePixels,autoResize:!0});u={id:a,device:e.device,canvas:c,eventRoot:f,presentationContext:d,eventManager:this._createEventManager(f)}}this._eventRootToCanvasId.set(f,a),this._eventRootToCanvasId.set(c,a),n[a]=u,i.push(a)}for(let[a,c]of Object.entries(this.targets))n[a]||(c.eventManager.destroy(),c.presentationContext.destroy());this.targets=n,this.order=i;let s=Object.fromEntries(Object.entries(n).map(([a,c])=>[a,c.eventManager]));this._haveSameEventManagers(s)||(this.eventManagers=s)}getCanvasIdFromEvent(e){return e?this._eventRootToCanvasId.get(e):void 0}getTarget(e){return this.targets[e||this.order[0]||yo]||null}_normalizeCanvasList(e=[]){let t=new Set;return e.map((n,i)=>{let o,s;return typeof n=="string"?(o=document.getElementById(n),Oe(o,`Canvas with id ${n} not found`),s=n):(o=n,s=o.id||`deckgl-canvas-${i}`),Oe(!t.has(s),`Duplicate canvas id ${s}`),t.add(s),{id:s,canvas:o}})}_haveSameEventManagers(e){let t=Object.keys(e),n=Object.keys(this.eventManagers);return t.length===n.length&&t.every(i=>e[i]===this.eventManagers[i])}};se();ip();ut();ut();zc();function Ui(){}var G$=({isDragging:r})=>r?"grabbing":"grab",bL={id:"",width:"100%",height:"100%",style:null,viewState:null,initialViewState:null,pickingRadius:0,pickAsync:"auto",layerFilter:null,parameters:{},parent:null,device:null,deviceProps:{},gl:null,canvas:null,_canvases:null,layers:[],effects:[],views:null,controller:null,useDevicePixels:!0,touchAction:"none",eventRecognizerOptions:{},_framebuffer:null,_animate:!1,_pickable:!0,_typedArrayManagerProps:{},_customRender:null,widgets:[],onDeviceInitialized:Ui,onWebGLInitialized:Ui,onResize:Ui,onViewStateChange:Ui,onInteractionStateChange:Ui,onBeforeRender:Ui,onAfterRender:Ui,onLoad:Ui,onError:r=>pe.error(r.message,r.cause)(),onHover:null,onClick:null,onDragStart:null,onDrag:null,onDragEnd:null,_onMetrics:null,getCursor:G$,getTooltip:null,debug:!1,drawPickingColors:!1},wf=class{constructor(e){this.width=0,this.height=0,this.userData={},this.device=null,this.canvas=null,this.viewManager=null,this.layerManager=null,this.effectManager=null,this.deckRenderer=null,this.deckPicker=null,this.eventManager=null,this.eventManagers={},this.widgetManager=null,this.tooltip=null,this.animationLoop=null,this._canvasContext=null,this._deviceResizeHandler=null,this.cursorState={isHovering:!1,isDragging:!1},this.stats=new fn({id:"deck.gl"}),this.metrics={fps:0,setPropsTime:0,layersCount:0,drawLayersCount:0,updateLayersCount:0,updateAttributesCount:0,updateAttributesTime:0,framesRedrawn:0,pickTime:0,pickCount:0,pickLayersCount:0,gpuTime:0,gpuTimePerFrame:0,cpuTime:0,cpuTimePerFrame:0,bufferMemory:0,textureMemory:0,renderbufferMemory:0,gpuMemory:0},this._metricsCounter=0,this._hoverPickSequence=0,this._pointerDownPickSequence=0,this._needsRedraw="Initial render",this._canvasManager=new ff({createEventManager:i=>this._createEventManager(i),getEventRoot:i=>this._getEventRoot(i)}),this._ownedCanvas=null,this._pickRequest={mode:"hover",x:-1,y:-1,radius:0,canvasId:void 0,event:null,unproject3D:!1},this._lastPointerDownInfo=null,this._lastPointerDownInfoPromise=null,this._onPointerMove=i=>{let{_pickRequest:o}=this,s=this._getCanvasIdFromEvent(i);if(i.type==="pointerleave")o.x=-1,o.y=-1,o.radius=0,o.canvasId=s;else{if(i.leftButton||i.rightButton)return;{let a=i.offsetCenter;if(!a)return;o.x=a.x,o.y=a.y,o.radius=this.props.pickingRadius,o.canvasId=s}}this.layerManager&&(this.layerManager.context.mousePosition={x:o.x,y:o.y}),o.event=i},this._onEvent=i=>{let o=Oa[i.type],s=i.offsetCenter,a=this._getCanvasIdFromEvent(i);if(!o||!s||!this.layerManager)return;let c=this.layerManager.getLayers(),l=this._getInternalPickingMode();if(!l)return;if(l==="sync"){let u=i.type==="click"&&this._shouldUnproject3D(c)?this._getFirstPickedInfo(this._pickPointSync(this._getPointPickOptions(s.x,s.y,{unproject3D:!0,canvasId:a},c))):this._getLastPointerDownPickingInfo(s.x,s.y,a,c);this._dispatchPickingEvent(u,i);return}(this._lastPointerDownInfoPromise||Promise.resolve(this._getLastPointerDownPickingInfo(s.x,s.y,a,c))).then(u=>{this._dispatchPickingEvent(u,i)}).catch(u=>this.props.onError?.(u))},this._onPointerDown=i=>{let o=i.offsetCenter,s=this._getCanvasIdFromEvent(i);if(!o)return;let a=this._getInternalPickingMode();if(!a)return;let c=this.layerManager?.getLayers()||[],l=++this._pointerDownPickSequence;if(a==="sync"){let u=this._pickPointSync({x:o.x,y:o.y,canvasId:s,radius:this.props.pickingRadius}),d=this._getFirstPickedInfo(u);this._lastPointerDownInfo=d,this._lastPointerDownInfoPromise=Promise.resolve(d);return}let f=this._pickPointAsync(this._getPointPickOptions(o.x,o.y,{canvasId:s},c)).then(u=>this._getFirstPickedInfo(u)).then(u=>(l===this._pointerDownPickSequence&&(this._lastPointerDownInfo=u),u)).catch(u=>{this.props.onError?.(u);let d=this.deckPicker&&this.viewManager?this._getLastPointerDownPickingInfo(o.x,o.y,s,c):{};return l===this._pointerDownPickSequence&&(this._lastPointerDownInfo=d),d});this._lastPointerDownInfo=null,this._lastPointerDownInfoPromise=f};let t=e;this.props={...bL,...e},e=this.props,this._validateCanvasConfiguration(e),e.viewState&&e.initialViewState&&pe.warn("View state tracking is disabled. Use either `initialViewState` for auto update or `viewState` for manual update.")(),this.viewState=this.props.initialViewState,e.device&&(this.device=e.device,this._setDeviceCanvasContext(e.device));let n=this.device;!n&&e.gl&&(e.gl instanceof WebGLRenderingContext&&pe.error("WebGL1 context not supported.")(),n=vf.attach(e.gl,{_cacheShaders:!0,_cachePipelines:!0,...this.props.deviceProps})),n||(n=this._createDevice(e)),this.animationLoop=this._createAnimationLoop(n,e),this.setProps(t),e._typedArrayManagerProps&&On.setOptions(e._typedArrayManagerProps),this.animationLoop.start()}finalize(){this._restoreDeviceResizeHandler(),this.animationLoop?.stop(),this.animationLoop?.destroy(),this.animationLoop=null,this._hoverPickSequence++,this._pointerDownPickSequence++,this._lastPointerDownInfo=null,this._lastPointerDownInfoPromise=null,this.layerManager?.finalize(),this.layerManager=null,this.viewManager?.finalize(),this.viewManager=null,this.effectManager?.finalize(),this.effectManager=null,this.deckRenderer?.finalize(),this.deckRenderer=null,this.deckPicker?.finalize(),this.deckPicker=null,Object.keys(this._canvasManager.targets).length||this.eventManager?.destroy(),this.eventManager=null,this.eventManagers={},this.widgetManager?.finalize(),this.widgetManager=null,this._canvasManager.finalize(),this._isMultiCanvasMode()?this.canvas=null:this.canvas&&this.canvas===this._ownedCanvas&&(this.canvas.parentElement?.removeChild(this.canvas),this.canvas=null,this._ownedCanvas=null),this._canvasContext=null}setProps(e){this.stats.get("setProps Time").timeStart(),"onLayerHover"in e&&pe.removed("onLayerHover","onHover")(),"onLayerClick"in e&&pe.removed("onLayerClick","onClick")(),e.initialViewState&&!gt(this.props.initialViewState,e.initialViewState,3)&&(this.viewState=e.initialViewState),Oe(!("_canvases"in e)||Array.isArray(e._canvases)===this._isMultiCanvasMode()),Object.assign(this.props,e),this._validateCanvasConfiguration(this.props),this._validateInternalPickingMode(),this.device&&this._isMultiCanvasMode()&&this._syncCanvasTargets(),this._setCanvasSize(this.props);let t=Object.create(this.props);if(Object.assign(t,{views:this._getViews(),width:this.width,height:this.height,viewState:this._getViewState(),eventManagers:this.eventManagers}),e.device&&e.device.id!==this.device?.id){let n=e.device.getDefaultCanvasContext();this.animationLoop?.stop(),!this._isMultiCanvasMode()&&this.canvas!==n.canvas&&(this.canvas?.remove(),this.eventManager?.destroy(),this.canvas=null),this._setDeviceCanvasContext(e.device),pe.log(`recreating animation loop for new device! id=${e.device.id}`)(),this.animationLoop=this._createAnimationLoop(e.device,e),this.animationLoop.start()}if(this.animationLoop?.setProps(t),e.useDevicePixels!==void 0&&this._canvasContext?.setProps){this._canvasContext.setProps({useDevicePixels:e.useDevicePixels});for(let n of Object.values(this._canvasManager.targets))n.presentationContext.setProps({useDevicePixels:e.useDevicePixels})}this.layerManager&&(this.viewManager.setProps(t),this.layerManager.activateViewport(this.getViewports()[0]),this.layerManager.setProps(t),this.effectManager.setProps(t),this.deckRenderer.setProps(t),this.deckPicker.setProps(t),this.widgetManager.setProps(t)),this.stats.get("setProps Time").timeEnd()}needsRedraw(e={clearRedrawFlags:!1}){if(!this.layerManager)return!1;if(this.props._animate)return"Deck._animate";let t=this._needsRedraw;e.clearRedrawFlags&&(this._needsRedraw=!1);let n=this.viewManager.needsRedraw(e),i=this.layerManager.needsRedraw(e),o=this.effectManager.needsRedraw(e),s=this.deckRenderer.needsRedraw(e);return t=t||n||i||o||s,t}redraw(e){if(!this.layerManager)return;let t=this.needsRedraw({clearRedrawFlags:!0});t=e||t,t&&(this.stats.get("Redraw Count").incrementCount(),this.props._customRender?this.props._customRender(t):this._drawLayers(t))}get isInitialized(){return this.viewManager!==null}getViews(){return Oe(this.viewManager),this.viewManager.views}getView(e){return Oe(this.viewManager),this.viewManager.getView(e)}getViewports(e){return Oe(this.viewManager),this.viewManager.getViewports(e)}getCanvas(){return this.canvas}getCanvasContext(e){let t=e?this.viewManager?.getView(e)?.props.canvasId:void 0;return this._getCanvasContext(t)}getEventManager(e){if(!e||!this.viewManager)return this.eventManager;let t=this.viewManager.getCanvasId(e)||yo;return this.eventManagers[t]||this.eventManager}async pickObjectAsync(e){let t=(await this._pickAsync("pickObjectAsync","pickObject Time",e)).result;return t.length?t[0]:null}async pickObjectsAsync(e){return await this._pickAsync("pickObjectsAsync","pickObjects Time",e)}pickObject(e){let t=this._pick("pickObject","pickObject Time",e).result;return t.length?t[0]:null}pickMultipleObjects(e){return e.depth=e.depth||10,this._pick("pickObject","pickMultipleObjects Time",e).result}pickObjects(e){return this._pick("pickObjects","pickObjects Time",e)}_pickPositionForController(e,t,n){return this._getInternalPickingMode()!=="sync"?null:this.pickObject({x:e,y:t,radius:0,unproject3D:!0,canvasId:n?this.viewManager?.getCanvasId(n):void 0})}_addResources(e,t=!1){for(let n in e)this.layerManager.resourceManager.add({resourceId:n,data:e[n],forceUpdate:t})}_removeResources(e){for(let t of e)this.layerManager.resourceManager.remove(t)}_addDefaultEffect(e){this.effectManager.addDefaultEffect(e)}_addDefaultShaderModule(e){this.layerManager.addDefaultShaderModule(e)}_removeDefaultShaderModule(e){this.layerManager?.removeDefaultShaderModule(e)}_resolveInternalPickingMode(){let{pickAsync:e}=this.props,t=this.device?.type||this.props.deviceProps?.type;if(e==="auto")return t==="webgpu"?"async":"sync";if(e==="sync"&&t==="webgpu")throw new Error('`pickAsync: "sync"` is not supported when Deck is using a WebGPU device.');return e}_getInternalPickingMode(){try{return this._resolveInternalPickingMode()}catch(e){return this.props.onError?.(e),null}}_validateInternalPickingMode(){this._getInternalPickingMode()}_getFirstPickedInfo({result:e,emptyInfo:t}){return e[0]||t}_shouldUnproject3D(e=this.layerManager?.getLayers()||[]){return e.some(t=>t.props.pickable==="3d")}_getPointPickOptions(e,t,n={},i=this.layerManager?.getLayers()||[]){return{x:e,y:t,canvasId:n.canvasId,radius:this.props.pickingRadius,unproject3D:this._shouldUnproject3D(i),...n}}_pickPointSync(e){return this._pick("pickObject","pickObject Time",e)}_pickPointAsync(e){return this._pickAsync("pickObjectAsync","pickObject Time",e)}_getLastPointerDownPickingInfo(e,t,n,i=this.layerManager?.getLayers()||[]){return this.deckPicker.getLastPickedObject({x:e,y:t,layers:i,viewports:this.getViewports({x:e,y:t,canvasId:n})},this._lastPointerDownInfo)}_applyHoverCallbacks({result:e,emptyInfo:t},n){if(!this.widgetManager)return;this.cursorState.isHovering=e.length>0;let i=t,o=!1;for(let s of e)i=s,o=s.layer?.onHover(s,n)||o;o||(this.props.onHover?.(i,n),this.widgetManager.onHover(i,n))}_dispatchPickingEvent(e,t){if(!this.layerManager||!this.widgetManager)return;let n=Oa[t.type];if(!n)return;let{layer:i}=e,o=i&&(i[n]||i.props[n]),s=this.props[n],a=!1;o&&(a=o.call(i,e,t)),a||(s?.(e,t),this.widgetManager.onEvent(e,t))}_pickAsync(e,t,n){Oe(this.deckPicker);let{stats:i}=this,o=this._isMultiCanvasMode()?n.canvasId||this._getDefaultCanvasId():n.canvasId,s=this._getCanvasContext(o)||void 0;i.get("Pick Count").incrementCount(),i.get(t).timeStart(),this._resizeForCanvasTarget(o);let a=this.deckPicker[e]({layers:this.layerManager.getLayers(n),views:this.viewManager.getViews(),viewports:this.getViewports({...n,canvasId:o}),onViewportActive:this.layerManager.activateViewport,effects:this.effectManager.getEffects(),...n,canvasId:o,canvasContext:s});return i.get(t).timeEnd(),a}_pick(e,t,n){Oe(this.deckPicker);let{stats:i}=this,o=this._isMultiCanvasMode()?n.canvasId||this._getDefaultCanvasId():n.canvasId,s=this._getCanvasContext(o)||void 0;i.get("Pick Count").incrementCount(),i.get(t).timeStart(),this._resizeForCanvasTarget(o);let a=this.deckPicker[e]({layers:this.layerManager.getLayers(n),views:this.viewManager.getViews(),viewports:this.getViewports({...n,canvasId:o}),onViewportActive:this.layerManager.activateViewport,effects:this.effectManager.getEffects(),...n,canvasId:o,canvasContext:s});return i.get(t).timeEnd(),a}_createCanvas(e){let t=e.canvas;return typeof t=="string"&&(t=document.getElementById(t),Oe(t)),t?this._ownedCanvas=null:(t=document.createElement("canvas"),t.id=e.id||"deckgl-overlay",e.width&&typeof e.width=="number"&&(t.width=e.width),e.height&&typeof e.height=="number"&&(t.height=e.height),(e.parent||document.body).appendChild(t),this._ownedCanvas=t),Object.assign(t.style,e.style),t}_isMultiCanvasMode(){return Array.isArray(this.props._canvases)}_getDefaultCanvasId(){return this._canvasManager.order[0]||yo}_validateCanvasConfiguration(e){Array.isArray(e._canvases)&&(Oe(!e.canvas),Oe(!e.gl),Oe(!e.device?.canvasContext||e.device.getDefaultCanvasContext().offscreenCanvas))}_createEventManager(e){let t=new kl(e,{touchAction:this.props.touchAction,recognizers:Object.keys(Z_).map(n=>{let[i,o,s,a]=Z_[n],c=this.props.eventRecognizerOptions?.[n],l={...o,...c,event:n};return{recognizer:new i(l),recognizeWith:s,requireFailure:a}}),events:{pointerdown:this._onPointerDown,pointermove:this._onPointerMove,pointerleave:this._onPointerMove}});for(let n in Oa)n==="dblclick"?t.watch(n,this._onEvent):t.on(n,this._onEvent);return t}_getEventRoot(e){return e.closest(".deck-events-root")||this.props.parent?.querySelector(".deck-events-root")||e}_syncCanvasTargets(){if(!this.device||!this._isMultiCanvasMode())return;this._canvasManager.syncCanvasEntries({device:this.device,canvases:this.props._canvases||[],useDevicePixels:this.props.useDevicePixels}),this.eventManagers=this._canvasManager.eventManagers;let e=this._getDefaultCanvasId();this.eventManager=this.eventManagers[e]||null,this.canvas=this._canvasManager.targets[e]?.canvas||null}_setCanvasContext(e){this._canvasContext=e,"style"in e.canvas&&(this.canvas=e.canvas)}_setDeviceCanvasContext(e,t={}){let n=e.getDefaultCanvasContext();this._setCanvasContext(n),this._setDeviceResizeHandler(e,t)}_setDeviceResizeHandler(e,t={}){let n=!!t.syncDrawingBuffer;if(this._deviceResizeHandler?.device===e){this._deviceResizeHandler.syncDrawingBuffer=n;return}this._restoreDeviceResizeHandler();let i=o=>{this._isMultiCanvasMode()?this._updateMultiCanvasDimensions():o===this._canvasContext&&this._canvasContext&&this._onCanvasContextResize(this._canvasContext,{syncDrawingBuffer:this._deviceResizeHandler?.syncDrawingBuffer})};e.props.onResize=i,this._deviceResizeHandler={device:e,onResize:i,syncDrawingBuffer:n}}_restoreDeviceResizeHandler(){let e=this._deviceResizeHandler;e&&e.device.props?.onResize===e.onResize&&(e.device.props.onResize=Ui),this._deviceResizeHandler=null}_setCanvasSize(e){if(this._isMultiCanvasMode()||!this.canvas)return;let{width:t,height:n}=e;if(t||t===0){let i=Number.isFinite(t)?`${t}px`:t;this.canvas.style.width=i}if(n||n===0){let i=Number.isFinite(n)?`${n}px`:n;this.canvas.style.position=e.style?.position||"absolute",this.canvas.style.height=i}}_getCanvasIdFromEvent(e){return this._canvasManager.getCanvasIdFromEvent(e?.rootElement)}_getCanvasContext(e){return this._canvasManager.getTarget(e)?.presentationContext||this._canvasContext}_resizeForCanvasTarget(e){let t=this._canvasManager.getTarget(e);if(!t||!this.device?.canvasContext)return;let[n,i]=t.presentationContext.getDrawingBufferSize();this.device.canvasContext.setDrawingBufferSize(n,i)}_createDeviceCanvas(e){if(this._isMultiCanvasMode()){let t=globalThis.OffscreenCanvas;if(!t)throw new Error("`_canvases` requires OffscreenCanvas support.");let n=typeof e.width=="number"&&Number.isFinite(e.width)?e.width:1,i=typeof e.height=="number"&&Number.isFinite(e.height)?e.height:1;return new t(n,i)}return this._createCanvas(e)}_updateCanvasSize(e=this._canvasContext){if(this._isMultiCanvasMode()){this._updateMultiCanvasDimensions();return}let{canvas:t}=this,[n,i]=e?e.getCSSSize():[t?.clientWidth??t?.width??0,t?.clientHeight??t?.height??0];(n!==this.width||i!==this.height)&&(this.width=n,this.height=i,this.viewManager?.setProps({width:n,height:i}),this.layerManager?.activateViewport(this.getViewports()[0]),this.props.onResize({width:n,height:i},e||void 0))}_onCanvasContextResize(e,t={}){if(t.syncDrawingBuffer){let{width:n,height:i}=e.canvas;e.setDrawingBufferSize(n,i)}this._needsRedraw="Canvas resized",this._updateCanvasSize(e)}_updateMultiCanvasDimensions(){let[e,t]=this._getCanvasContext()?.getCSSSize()||[0,0];(e!==this.width||t!==this.height)&&(this.width=e,this.height=t,this.props.onResize({width:e,height:t})),this._needsRedraw="Canvas resized",this.viewManager?.setNeedsUpdate("Canvas resized"),this.viewManager?.setProps({width:this.width,height:this.height})}_createAnimationLoop(e,t){let{gl:n,onError:i}=t;return new Hl({device:e,autoResizeDrawingBuffer:!n&&!Array.isArray(t._canvases),autoResizeViewport:!1,onInitialize:o=>this._setDevice(o.device),onRender:this._onRenderFrame.bind(this),onError:i})}_createDevice(e){let t=this.props.deviceProps?.createCanvasContext,n=typeof t=="object"?t:void 0,i={adapters:[],_cacheShaders:!0,_cachePipelines:!0,...e.deviceProps};i.adapters.includes(vf)||i.adapters.push(vf);let o={alphaMode:this.props.deviceProps?.type==="webgpu"?"premultiplied":void 0};return ma.createDevice({_reuseDevices:!0,type:"webgl",...i,createCanvasContext:{...o,...n,canvas:this._createDeviceCanvas(e),useDevicePixels:this.props.useDevicePixels,autoResize:!0}})}_getViewState(){return this.props.viewState||this.viewState}_getViews(){let{views:e}=this.props,t=Array.isArray(e)?e:e?[e]:[new j3({id:"default-view"})];return t.length&&this.props.controller&&(t[0]=t[0].clone({controller:this.props.controller})),t}_onContextLost(){let{onError:e}=this.props;this.animationLoop&&e&&e(new Error("WebGL context is lost"))}_pickAndCallback(){let{_pickRequest:e}=this;if(e.event){let t=e.event,n=this.layerManager?.getLayers()||[],i=this._getPointPickOptions(e.x,e.y,{canvasId:e.canvasId,radius:e.radius,mode:e.mode},n),o=this._getInternalPickingMode(),s=++this._hoverPickSequence;if(e.event=null,e.canvasId=void 0,!o)return;if(o==="sync"){this._applyHoverCallbacks(this._pickPointSync(i),t);return}this._pickPointAsync(i).then(({result:a,emptyInfo:c})=>{s===this._hoverPickSequence&&this._applyHoverCallbacks({result:a,emptyInfo:c},t)}).catch(a=>this.props.onError?.(a))}}_updateCursor(){let e=this.props.getCursor(this.cursorState);if(this._isMultiCanvasMode()){for(let n of Object.values(this._canvasManager.targets))n.canvas.style.cursor=e;return}let t=this.props.parent||this.canvas;t&&(t.style.cursor=e)}_setDevice(e){if(this.device=e,this._validateInternalPickingMode(),!this.animationLoop)return;this._setDeviceCanvasContext(e,{syncDrawingBuffer:!!(this.props.gl&&this.props.device!==e)}),this._isMultiCanvasMode()?this._syncCanvasTargets():this.canvas&&!this.canvas.isConnected&&this.props.parent&&this.props.parent.insertBefore(this.canvas,this.props.parent.firstChild),this.device.type==="webgl"&&this.device.setParametersWebGL({blend:!0,blendFunc:[770,771,1,771],polygonOffsetFill:!0,depthTest:!0,depthFunc:515}),this.props.onDeviceInitialized(this.device),this.device.type==="webgl"&&this.props.onWebGLInitialized(this.device.gl);let t=new vs;if(t.play(),this.animationLoop.attachTimeline(t),!this._isMultiCanvasMode()){let o=this.canvas&&this._getEventRoot(this.canvas);Oe(o),this.eventManager=this._createEventManager(o),this.eventManagers={[yo]:this.eventManager}}this.viewManager=new Jl({timeline:t,eventManager:this.eventManager,eventManagers:this.eventManagers,getCanvasContext:this._isMultiCanvasMode()?this.getCanvasContext.bind(this):void 0,onViewStateChange:this._onViewStateChange.bind(this),onInteractionStateChange:this._onInteractionStateChange.bind(this),pickPosition:this._pickPositionForController.bind(this),views:this._getViews(),viewState:this._getViewState(),width:this.width,height:this.height});let n=this.viewManager.getViewports()[0];this.layerManager=new Ql(this.device,{deck:this,stats:this.stats,viewport:n,timeline:t}),this.effectManager=new of({deck:this,device:this.device}),this.deckRenderer=new af(this.device,{stats:this.stats}),this.deckPicker=new cf(this.device,{stats:this.stats});let i=this.props.parent?.querySelector(".deck-widgets-root")||(this._isMultiCanvasMode()?this.props.parent||this.canvas?.parentElement:null)||this.canvas?.parentElement;this.widgetManager=new Th({deck:this,parentElement:i}),this.widgetManager.addDefault(new lf),this.setProps({}),this._updateCanvasSize(this._canvasContext),this.props.onLoad()}_drawLayers(e,t){let{device:n,gl:i}=this.layerManager.context;this.props.onBeforeRender({device:n,gl:i});let o={target:this.props._framebuffer,layers:this.layerManager.getLayers(),viewports:this.viewManager.getViewports(),onViewportActive:this.layerManager.activateViewport,views:this.viewManager.getViews(),pass:"screen",effects:this.effectManager.getEffects(),...t};if(this._isMultiCanvasMode()&&o.pass==="screen"&&!o.target&&this._canvasManager.order.length)for(let s of this._canvasManager.order){let a=o.viewports.filter(f=>this.viewManager.getCanvasId(f.id)===s);if(!a.length){let f=this._canvasManager.targets[s];this._resizeForCanvasTarget(s),this.deckRenderer?.renderLayers({...o,canvasContext:f.presentationContext,target:f.presentationContext.getCurrentFramebuffer(),viewports:[],clearCanvas:!0}),f.presentationContext.present();continue}let c=this._canvasManager.targets[s];this._resizeForCanvasTarget(s);let l=c.presentationContext.getCurrentFramebuffer();this.deckRenderer?.renderLayers({...o,canvasContext:c.presentationContext,target:l,viewports:a}),c.presentationContext.present()}else this.deckRenderer?.renderLayers(o);o.pass==="screen"&&this.widgetManager.onRedraw({viewports:o.viewports,layers:o.layers}),this.props.onAfterRender({device:n,gl:i})}_onRenderFrame(){this._getFrameStats(),this._metricsCounter++%60===0&&(this._getMetrics(),this.stats.reset(),pe.table(4,this.metrics)(),this.props._onMetrics&&this.props._onMetrics(this.metrics)),this._updateCursor(),this.layerManager.updateLayers(),this._pickAndCallback(),this.redraw(),this.viewManager&&this.viewManager.updateViewStates()}_onViewStateChange(e){let t=this.props.onViewStateChange(e)||e.viewState;this.viewState&&(this.viewState={...this.viewState,[e.viewId]:t},this.props.viewState||this.viewManager&&this.viewManager.setProps({viewState:this.viewState}))}_onInteractionStateChange(e){this.cursorState.isDragging=e.isDragging||!1,this.props.onInteractionStateChange(e)}_getFrameStats(){let{stats:e}=this;e.get("frameRate").timeEnd(),e.get("frameRate").timeStart();let t=this.animationLoop.stats;e.get("GPU Time").addTime(t.get("GPU Time").lastTiming),e.get("CPU Time").addTime(t.get("CPU Time").lastTiming)}_getMetrics(){let{metrics:e,stats:t}=this;e.fps=t.get("frameRate").getHz(),e.setPropsTime=t.get("setProps Time").time,e.updateAttributesTime=t.get("Update Attributes").time,e.framesRedrawn=t.get("Redraw Count").count,e.pickTime=t.get("pickObject Time").time+t.get("pickMultipleObjects Time").time+t.get("pickObjects Time").time,e.pickCount=t.get("Pick Count").count,e.layersCount=this.layerManager?.layers.length??0,e.drawLayersCount=t.get("Layers rendered").lastSampleCount,e.pickLayersCount=t.get("Layers picked").lastSampleCount,e.updateLayersCount=t.get("Layer updates").count,e.updateAttributesCount=t.get("Attributes updated").count,e.gpuTime=t.get("GPU Time").time,e.cpuTime=t.get("CPU Time").time,e.gpuTimePerFrame=t.get("GPU Time").getAverageTime(),e.cpuTimePerFrame=t.get("CPU Time").getAverageTime();let n=ma.stats.get("GPU Time and Memory");e.bufferMemory=n.get("Buffer Memory").count,e.textureMemory=n.get("Texture Memory").count,e.renderbufferMemory=n.get("Renderbuffer Memory").count,e.gpuMemory=n.get("GPU Memory").count}};wf.defaultProps=bL;wf.VERSION=TE;var ex=wf;se();se();function xL(r){switch(r){case"float64":return Float64Array;case"uint8":case"unorm8":return Uint8ClampedArray;default:return Zo(r)}}var vL=Jt.getDataType.bind(Jt);function Ef(r,e,t){if(e.size>4)return null;let n=t==="webgpu"&&e.type==="uint8"?"unorm8":e.type,i=e.size,o=!!(t!=="webgpu"&&i===3&&n&&["uint8","sint8","unorm8","snorm8","uint16","sint16","unorm16","snorm16"].includes(n));return{attribute:r,format:i>1?`${n}x${i}${o?"-webgl":""}`:e.type,byteOffset:e.offset||0}}function xn(r){return r.stride||r.size*r.bytesPerElement}function wL(r,e){return r.type===e.type&&r.size===e.size&&xn(r)===xn(e)&&(r.offset||0)===(e.offset||0)}function tx(r,e){e.offset&&pe.removed("shaderAttribute.offset","vertexOffset, elementOffset")();let t=xn(r),n=e.vertexOffset!==void 0?e.vertexOffset:r.vertexOffset||0,i=e.elementOffset||0,o=n*t+i*r.bytesPerElement+(r.offset||0);return{...e,offset:o,stride:t}}function $$(r,e){let t=tx(r,e);return{high:t,low:{...t,offset:t.offset+r.size*4}}}var Pf=class{constructor(e,t,n){this._buffer=null,this.device=e,this.id=t.id||"",this.size=t.size||1;let i=t.logicalType||t.type,o=i==="float64",{defaultValue:s}=t;s=Number.isFinite(s)?[s]:s||new Array(this.size).fill(0);let a;o?a="float32":!i&&t.isIndexed?a="uint32":a=i||"float32";let c=xL(i||a);this.doublePrecision=o,o&&t.fp64===!1&&(c=Float32Array),this.value=null,this.settings={...t,defaultType:c,defaultValue:s,logicalType:i,type:a,normalized:a.includes("norm"),size:this.size,bytesPerElement:c.BYTES_PER_ELEMENT},this.state={...n,externalBuffer:null,bufferAccessor:this.settings,allocatedValue:null,numInstances:0,bounds:null,constant:!1}}get isConstant(){return this.state.constant}get buffer(){return this._buffer}get byteOffset(){let e=this.getAccessor();return e.vertexOffset?e.vertexOffset*xn(e):0}get numInstances(){return this.state.numInstances}set numInstances(e){this.state.numInstances=e}get isDoublePrecisionBuffer(){return this._shouldSplitDoublePrecisionValue(this.value)}delete(){this._buffer&&(this._buffer.delete(),this._buffer=null),On.release(this.state.allocatedValue),this.state.allocatedValue=null}getBuffer(){return this.state.constant&&this.device.type!=="webgpu"?null:this.state.externalBuffer||this._buffer}getValue(e=this.id,t=null){let n={};if(this.state.constant){let i=this.value;if(this.device.type==="webgpu"&&this._buffer)n[e]=this._buffer;else if(t){let o=tx(this.getAccessor(),t),s=o.offset/i.BYTES_PER_ELEMENT,a=o.size||this.size;n[e]=i.subarray(s,s+a)}else n[e]=i}else n[e]=this.getBuffer();return this.doublePrecision&&(this.isDoublePrecisionBuffer?n[`${e}64Low`]=n[e]:n[`${e}64Low`]=new Float32Array(this.size)),n}_getBufferLayout(e=this.id,t=null){let n=this.getAccessor(),i=[],o={name:this.id,byteStride:this.device.type==="webgpu"&&this.state.constant?0:xn(n)};if(this.doublePrecision){let s=$$(n,t||{});i.push(Ef(e,{...n,...s.high},this.device.type),Ef(`${e}64Low`,{...n,...s.low},this.device.type))}else if(t){let s=tx(n,t);i.push(Ef(e,{...n,...s},this.device.type))}else i.push(Ef(e,n,this.device.type));return o.attributes=i.filter(Boolean),o}setAccessor(e){this.state.bufferAccessor=e}getAccessor(){return this.state.bufferAccessor}getBounds(){if(this.state.bounds)return this.state.bounds;let e=null;if(this.state.constant&&this.value){let t=Array.from(this.value);e=[t,t]}else{let{value:t,numInstances:n,size:i}=this,o=n*i;if(t&&o&&t.length>=o){let s=new Array(i).fill(1/0),a=new Array(i).fill(-1/0);for(let c=0;c<o;)for(let l=0;l<i;l++){let f=t[c++];f<s[l]&&(s[l]=f),f>a[l]&&(a[l]=f)}e=[s,a]}}return this.state.bounds=e,e}setData(e){let{state:t}=this,n;ArrayBuffer.isView(e)?n={value:e}:e instanceof de?n={buffer:e}:n=e;let i={...this.settings,...n};if(ArrayBuffer.isView(n.value)){if(!n.type)if(this.doublePrecision&&n.value instanceof Float64Array)i.type="float32";else{let s=vL(n.value);i.type=i.normalized?s.replace("int","norm"):s}i.bytesPerElement=n.value.BYTES_PER_ELEMENT,i.stride=xn(i)}if(t.bounds=null,n.constant){let o=n.value;if(o=this._normalizeValue(o,[],0),this.settings.normalized&&(o=this.normalizeConstant(o)),!(!t.constant||!this._areValuesEqual(o,this.value)))return!1;t.externalBuffer=null,t.constant=!0,this.value=ArrayBuffer.isView(o)?o:new Float32Array(o)}else if(n.buffer){let o=n.buffer;t.externalBuffer=o,t.constant=!1,this.value=n.value||null}else if(n.value){this._checkExternalBuffer(n);let o=n.value,s=o;t.externalBuffer=null,t.constant=!1,this.value=o,this._shouldSplitDoublePrecisionValue(s)&&(s=za(s,i),o instanceof Float32Array&&(i.stride=i.size*2*Float32Array.BYTES_PER_ELEMENT));let{buffer:a}=this,c=xn(i),l=(i.vertexOffset||0)*c;if(this.settings.isIndexed){let u=this.settings.defaultType;s.constructor!==u&&(s=new u(s))}let f=s.byteLength+l+c*2;(!a||a.byteLength<f)&&(a=this._createBuffer(f)),a.write(s,l)}return this.setAccessor(i),!0}updateSubBuffer(e={}){this.state.bounds=null;let t=this.value,{startOffset:n=0,endOffset:i}=e,o=this._shouldSplitDoublePrecisionValue(t);this.buffer.write(o?za(t,{size:this.size,startIndex:n,endIndex:i}):t.subarray(n,i),n*(o?8:t.BYTES_PER_ELEMENT)+this.byteOffset)}allocate(e,t=!1){let{state:n}=this,i=n.allocatedValue,o=On.allocate(i,e+1,{size:this.size,type:this.settings.defaultType,copy:t});this.value=o;let s=this._shouldSplitDoublePrecisionValue(o),a=s&&o instanceof Float32Array?{...this.settings,stride:this.size*2*Float32Array.BYTES_PER_ELEMENT}:this.settings;this.setAccessor(a);let{byteOffset:c}=this,{buffer:l}=this,f=o.byteLength*(s&&o instanceof Float32Array?2:1);return(!l||l.byteLength<f+c)&&(l=this._createBuffer(f+c),t&&i&&l.write(this._shouldSplitDoublePrecisionValue(i)?za(i,this):i,c)),n.allocatedValue=o,n.constant=!1,n.externalBuffer=null,!0}_shouldSplitDoublePrecisionValue(e){return!!(this.doublePrecision&&(e instanceof Float64Array||this.device.type==="webgpu"&&e instanceof Float32Array))}_checkExternalBuffer(e){let{value:t}=e;if(!ArrayBuffer.isView(t))throw new Error(`Attribute ${this.id} value is not TypedArray`);let n=this.settings.defaultType,i=!1;if(this.doublePrecision&&(i=t.BYTES_PER_ELEMENT<4),i)throw new Error(`Attribute ${this.id} does not support ${t.constructor.name}`);!(t instanceof n)&&this.settings.normalized&&!("normalized"in e)&&pe.warn(`Attribute ${this.id} is normalized`)()}normalizeConstant(e){switch(this.settings.type){case"snorm8":return new Float32Array(e).map(t=>(t+128)/255*2-1);case"snorm16":return new Float32Array(e).map(t=>(t+32768)/65535*2-1);case"unorm8":return new Float32Array(e).map(t=>t/255);case"unorm16":return new Float32Array(e).map(t=>t/65535);default:return e}}_normalizeValue(e,t,n){let{defaultValue:i,size:o}=this.settings;if(Number.isFinite(e))return t[n]=e,t;if(!e){let s=o;for(;--s>=0;)t[n+s]=i[s];return t}switch(o){case 4:t[n+3]=Number.isFinite(e[3])?e[3]:i[3];case 3:t[n+2]=Number.isFinite(e[2])?e[2]:i[2];case 2:t[n+1]=Number.isFinite(e[1])?e[1]:i[1];case 1:t[n+0]=Number.isFinite(e[0])?e[0]:i[0];break;default:let s=o;for(;--s>=0;)t[n+s]=Number.isFinite(e[s])?e[s]:i[s]}return t}_areValuesEqual(e,t){if(!e||!t)return!1;let{size:n}=this;for(let i=0;i<n;i++)if(e[i]!==t[i])return!1;return!0}_createBuffer(e){this._buffer&&this._buffer.destroy();let{isIndexed:t,type:n}=this.settings,i=this.device.type==="webgpu"&&!t?de.VERTEX|de.STORAGE|de.COPY_DST|de.COPY_SRC:(t?de.INDEX:de.VERTEX)|de.COPY_DST;return this._buffer=this.device.createBuffer({...this._buffer?.props,id:this.id,usage:i,indexType:t?n:void 0,byteLength:e}),this._buffer}};var EL=[],PL=[];function Ms(r,e=0,t=1/0){let n=EL,i={index:-1,data:r,target:[]};return r?typeof r[Symbol.iterator]=="function"?n=r:r.length>0&&(PL.length=r.length,n=PL):n=EL,(e>0||Number.isFinite(t))&&(n=(Array.isArray(n)?n:Array.from(n)).slice(e,t),i.index=e-1),{iterable:n,objectInfo:i}}function cp(r){return r&&r[Symbol.asyncIterator]}function lp(r,e){let{size:t,stride:n,offset:i,startIndices:o,nested:s}=e,a=r.BYTES_PER_ELEMENT,c=n?n/a:t,l=i?i/a:0,f=Math.floor((r.length-l)/c);return(u,{index:d,target:h})=>{if(!o){let w=d*c+l;for(let x=0;x<t;x++)h[x]=r[w+x];return h}let p=o[d],g=o[d+1]||f,y;if(s){y=new Array(g-p);for(let w=p;w<g;w++){let x=w*c+l;h=new Array(t);for(let b=0;b<t;b++)h[b]=r[x+b];y[w-p]=h}}else if(c===t)y=r.subarray(p*t+l,g*t+l);else{y=new r.constructor((g-p)*t);let w=0;for(let x=p;x<g;x++){let b=x*c+l;for(let v=0;v<t;v++)y[w++]=r[b+v]}}return y}}var SL=[],Sf=[[0,1/0]];function TL(r,e){if(r===Sf||(e[0]<0&&(e[0]=0),e[0]>=e[1]))return r;let t=[],n=r.length,i=0;for(let o=0;o<n;o++){let s=r[o];s[1]<e[0]?(t.push(s),i=o+1):s[0]>e[1]?t.push(s):e=[Math.min(s[0],e[0]),Math.max(s[1],e[1])]}return t.splice(i,0,e),t}var W$={interpolation:{duration:0,easing:r=>r},spring:{stiffness:.05,damping:.5}};function fp(r,e){if(!r)return null;Number.isFinite(r)&&(r={type:"interpolation",duration:r});let t=r.type||"interpolation";return{...W$[t],...e,...r,type:t}}var Rs=class extends Pf{constructor(e,t){super(e,t,{startIndices:null,constantValue:null,lastExternalBuffer:null,binaryValue:null,binaryAccessor:null,needsUpdate:!0,needsRedraw:!1,layoutChanged:!1,updateRanges:Sf}),this.constant=!1,this.settings.update=t.update||(t.accessor?this._autoUpdater:void 0),Object.seal(this.settings),Object.seal(this.state),this._validateAttributeUpdaters()}get startIndices(){return this.state.startIndices}set startIndices(e){this.state.startIndices=e}needsUpdate(){return this.state.needsUpdate}needsRedraw({clearChangedFlags:e=!1}={}){let t=this.state.needsRedraw;return this.state.needsRedraw=t&&!e,t}layoutChanged(){return this.state.layoutChanged}setAccessor(e){var t;(t=this.state).layoutChanged||(t.layoutChanged=!wL(e,this.getAccessor())),super.setAccessor(e)}getUpdateTriggers(){let{accessor:e}=this.settings;return[this.id].concat(typeof e!="function"&&e||[])}supportsTransition(){return!!this.settings.transition}getTransitionSetting(e){if(!e||!this.supportsTransition())return null;let{accessor:t}=this.settings,n=this.settings.transition,i=Array.isArray(t)?e[t.find(o=>e[o])]:e[t];return fp(i,n)}setNeedsUpdate(e=this.id,t){if(this.state.needsUpdate=this.state.needsUpdate||e,this.setNeedsRedraw(e),t){let{startRow:n=0,endRow:i=1/0}=t;this.state.updateRanges=TL(this.state.updateRanges,[n,i])}else this.state.updateRanges=Sf}clearNeedsUpdate(){this.state.needsUpdate=!1,this.state.updateRanges=SL}setNeedsRedraw(e=this.id){this.state.needsRedraw=this.state.needsRedraw||e}allocate(e){let{state:t,settings:n}=this;if(n.noAlloc)return!1;if(n.update){let i=this.isConstant;return super.allocate(e,t.updateRanges!==Sf),t.layoutChanged||(t.layoutChanged=i&&this.device.type==="webgpu"),!0}return!1}updateBuffer({numInstances:e,data:t,props:n,context:i}){if(!this.needsUpdate())return!1;let{state:{updateRanges:o},settings:{update:s,noAlloc:a}}=this,c=!0;if(s){for(let[l,f]of o)s.call(i,this,{data:t,startRow:l,endRow:f,props:n,numInstances:e});if(this.value)if(this.constant||!this.buffer||this.buffer.byteLength<this.value.byteLength+this.byteOffset){if(this.constant){let l=this.value;this.value=null,this.setConstantValue(i,l)}else this.setData({value:this.value,constant:this.constant});this.constant=!1}else for(let[l,f]of o){let u=Number.isFinite(l)?this.getVertexOffset(l):0,d=Number.isFinite(f)?this.getVertexOffset(f):a||!Number.isFinite(e)?this.value.length:e*this.size;super.updateSubBuffer({startOffset:u,endOffset:d})}this._checkAttributeArray()}else c=!1;return this.clearNeedsUpdate(),this.setNeedsRedraw(),c}setConstantValue(e,t){var n;if(t===void 0||typeof t=="function")return!1;let i=this.isConstant,o=this.settings.transform&&e?this.settings.transform.call(e,t):t,s=this.settings.defaultType;this.state.constantValue=this._normalizeValue(o,new s(this.size),0);let a=this.setData({constant:!0,value:o});if(this.device.type==="webgpu"){let c=this.state.constantValue;this.doublePrecision&&(c instanceof Float32Array||c instanceof Float64Array)&&(c=za(c,{size:this.size}),this.setAccessor({...this.getAccessor(),stride:this.size*2*Float32Array.BYTES_PER_ELEMENT}));let l=this._buffer;(!l||l.byteLength<c.byteLength)&&(l=this._createBuffer(c.byteLength)),l.write(c),(n=this.state).layoutChanged||(n.layoutChanged=!i),this.constant=!1}return a&&this.setNeedsRedraw(),this.clearNeedsUpdate(),!0}getConstantValue(){return this.isConstant?this.state.constantValue:null}setExternalBuffer(e){let{state:t}=this;return e?(this.clearNeedsUpdate(),t.lastExternalBuffer===e||(t.lastExternalBuffer=e,this.setNeedsRedraw(),this.setData(e)),!0):(t.lastExternalBuffer=null,!1)}setBinaryValue(e,t=null){let{state:n,settings:i}=this;if(!e)return n.binaryValue=null,n.binaryAccessor=null,!1;if(i.noAlloc)return!1;if(n.binaryValue===e)return this.clearNeedsUpdate(),!0;if(n.binaryValue=e,this.setNeedsRedraw(),i.transform||t!==this.startIndices){ArrayBuffer.isView(e)&&(e={value:e});let s=e;Oe(ArrayBuffer.isView(s.value),`invalid ${i.accessor}`);let a=!!s.size&&s.size!==this.size;return n.binaryAccessor=lp(s.value,{size:s.size||this.size,stride:s.stride,offset:s.offset,startIndices:t,nested:a}),!1}return this.clearNeedsUpdate(),this.setData(e),!0}getVertexOffset(e){let{startIndices:t}=this;return(t?e<t.length?t[e]:this.numInstances:e)*this.size}getValue(){let e=this.settings.shaderAttributes,t=super.getValue();if(!e)return t;for(let n in e)Object.assign(t,super.getValue(n,e[n]));return t}getBufferLayout(e){this.state.layoutChanged=!1;let t=this.settings.shaderAttributes,n=super._getBufferLayout(),{stepMode:i}=this.settings;if(i==="dynamic"?n.stepMode=e?e.isInstanced?"instance":"vertex":"instance":n.stepMode=i??"vertex",!t)return n;for(let o in t){let s=super._getBufferLayout(o,t[o]);n.attributes.push(...s.attributes)}return n}_autoUpdater(e,{data:t,startRow:n,endRow:i,props:o,numInstances:s}){let{settings:a,state:c,value:l,size:f,startIndices:u}=e,{accessor:d,transform:h}=a,p=c.binaryAccessor||(typeof d=="function"?d:o[d]);Oe(typeof p=="function",`accessor "${d}" is not a function`);let g=e.getVertexOffset(n),{iterable:y,objectInfo:w}=Ms(t,n,i);for(let x of y){w.index++;let b=p(x,w);if(h&&(b=h.call(this,b)),u){let v=(w.index<u.length-1?u[w.index+1]:s)-u[w.index];if(b&&Array.isArray(b[0])){let T=g;for(let L of b)e._normalizeValue(L,l,T),T+=f}else b&&b.length>f?l.set(b,g):(e._normalizeValue(b,w.target,0),D3({target:l,source:w.target,start:g,count:v}));g+=v*f}else e._normalizeValue(b,l,g),g+=f}}_validateAttributeUpdaters(){let{settings:e}=this;if(!(e.noAlloc||typeof e.update=="function"))throw new Error(`Attribute ${this.id} missing update or accessor`)}_checkAttributeArray(){let{value:e}=this,t=Math.min(4,this.size);if(e&&e.length>=t){let n=!0;switch(t){case 4:n=n&&Number.isFinite(e[3]);case 3:n=n&&Number.isFinite(e[2]);case 2:n=n&&Number.isFinite(e[1]);case 1:n=n&&Number.isFinite(e[0]);break;default:n=!1}if(!n)throw new Error(`Illegal attribute generated for ${this.id}`)}}};$i();ax();$i();var Lf=class r{gpuDataEvaluators;format;length;id;_gpuVector;_ownsGPUDataEvaluators;_destroyed=!1;static fromGPUVector(e){if(e.bufferLayout)throw new Error(`GPUVectorEvaluator.fromGPUVector() does not accept interleaved vector "${e.name}"`);if(e.data.length===0)throw new Error(`GPUVectorEvaluator.fromGPUVector() requires GPUData for "${e.name}"`);return new r({id:e.name,gpuDataEvaluators:e.data.map(t=>Ve.fromGPUData(t,{id:e.name})),gpuVector:e,format:e.format})}static fromGPUDataEvaluators(e,t={}){return new r({id:t.id,gpuDataEvaluators:e,format:t.format})}constructor({id:e,gpuDataEvaluators:t,gpuVector:n,format:i}){if(t.length===0)throw new Error("GPUVectorEvaluator requires at least one GPUData evaluator");nV(t),this.id=e,this.gpuDataEvaluators=t,this.format=i??t[0].format,this.length=t.reduce((o,s)=>o+s.length,0),this._gpuVector=n,this._ownsGPUDataEvaluators=!n}get evaluated(){return!!this._gpuVector}get gpuVector(){if(!this._gpuVector)throw new Error(`${this} not evaluated`);return this._gpuVector}mapGPUData(e){return r.fromGPUDataEvaluators(this.gpuDataEvaluators.map((t,n)=>e(t,n)),{id:this.id})}async evaluate(e,t={}){if(this._destroyed)throw new Error(`GPUVectorEvaluator ${this} already destroyed`);if(this._gpuVector)return this._gpuVector;let n=await Promise.all(this.gpuDataEvaluators.map(a=>a.evaluate(e,t))),i=n[0],o=n.map(FL),s=t.format??this.format??i.format;return this._gpuVector=new vi({type:"data",name:t.name??this.id??"vector",format:s,data:o,stride:i.stride,byteStride:i.byteStride,rowByteLength:i.rowByteLength,bufferLayout:i.bufferLayout}),this._gpuVector}evaluateSync(e,t={}){if(this._destroyed)throw new Error(`GPUVectorEvaluator ${this} already destroyed`);if(this._gpuVector)return this._gpuVector;let n=this.gpuDataEvaluators.map(a=>a.evaluateSync(e,t)),i=n[0],o=n.map(FL),s=t.format??this.format??i.format;return this._gpuVector=new vi({type:"data",name:t.name??this.id??"vector",format:s,data:o,stride:i.stride,byteStride:i.byteStride,rowByteLength:i.rowByteLength,bufferLayout:i.bufferLayout}),this._gpuVector}destroy(){if(this._ownsGPUDataEvaluators)for(let e of this.gpuDataEvaluators)e.destroy();this._gpuVector=void 0,this._destroyed=!0}toString(){return this.id??this.constructor.name}};function nV(r){let e=r[0];for(let t of r.slice(1))if(t.type!==e.type||t.size!==e.size||t.normalized!==e.normalized||t.format!==e.format)throw new Error("GPUVectorEvaluator requires matching GPUData evaluator layouts")}function FL(r){let[e,...t]=r.data;if(!e||t.length>0)throw new Error(`GPUVectorEvaluator requires one GPUData chunk for "${r.name}"`);return e}$i();se();var ux={};Ti(ux,{arithmetic:()=>UL,dot:()=>jL,equalAll:()=>HL,extent:()=>GL,fround:()=>$L,gather:()=>VL,interleave:()=>WL,length:()=>YL,segmentedMap:()=>qL,select:()=>ZL,sequence:()=>XL,swizzle:()=>KL});_p();function nc({elementWise:r,func:e,inputs:t,output:n,outputBuffer:i}){let o=Array.isArray(t)?t:Object.values(t);for(let p of o)if(!p.value)throw new Error(`${p} does not have CPU value`);let s=n.length,a=n.size,c=new n.ValueType(s*a);for(let p=0;p<s;p++){let g=o.map(y=>St(y,p));if(r)for(let y=0;y<a;y++)c[p*a+y]=e.apply(null,g.map(w=>w[y]));else e.call(null,c.subarray(p*a,p*a+a),...g)}let l=n.ValueType.BYTES_PER_ELEMENT,f=n.offset/l,u=n.stride/l,d=a,h=c;if(f!==0||u!==d){h=new n.ValueType(f+n.byteLength/l);for(let p=0;p<s;p++){let g=p*d,y=f+p*u,w=c.subarray(g,g+a);h.set(w,y),i.write(w,y*l)}}else i.write(c);return{success:!0,value:h}}function St(r,e){let t=r.value,n=r.size,i=r.offset/r.ValueType.BYTES_PER_ELEMENT,o=r.stride/r.ValueType.BYTES_PER_ELEMENT,s=r.isConstant?0:e,a=i+s*o,c=t.slice(a,a+n);if(!r.normalized)return c;let l=new Float32Array(n);for(let f=0;f<n;f++)l[f]=iV(c[f],r.type);return l}function iV(r,e){switch(e){case"uint8":return r/255;case"uint16":return r/65535;case"uint32":return r/4294967295;case"sint8":return Math.max(r/127,-1);case"sint16":return Math.max(r/32767,-1);case"sint32":return Math.max(r/2147483647,-1);case"float32":return r;default:throw new Error(`Unsupported normalized source type ${e}`)}}var UL=({inputs:r,output:e,target:t})=>{for(let i of Object.values(r.namedInputs))if(!i.value)throw new Error(`${i} does not have CPU value`);let n=new e.ValueType(e.length*e.size);for(let i=0;i<e.length;i++){let o=Object.fromEntries(Object.entries(r.namedInputs).map(([s,a])=>[s,St(a,i)]));for(let s=0;s<e.size;s++)n[i*e.size+s]=zL(r.expression,o,s)}return t.write(n),{success:!0,value:n}};function zL(r,e,t){switch(r.kind){case"input":{let n=e[r.name];return t<n.length?n[t]:n.length===1?n[0]:0}case"literal":return Array.isArray(r.value)?r.value[t]??0:r.value;case"call":{oV(r.op,r.args.length);let n=r.args.map(i=>zL(i,e,t));switch(r.op){case"add":return n[0]+n[1];case"subtract":return n[0]-n[1];case"multiply":return n[0]*n[1];case"divide":return n[0]/n[1];case"pow":return Math.pow(n[0],n[1]);case"sqrt":return Math.sqrt(n[0]);case"abs":return Math.abs(n[0]);case"sin":return Math.sin(n[0]);case"cos":return Math.cos(n[0]);case"tan":return Math.tan(n[0]);case"exp":return Math.exp(n[0]);case"log":return Math.log(n[0]);default:{let i=r.op;throw new Error(`Unsupported arithmetic op ${i}`)}}}default:{let n=r;throw new Error(`Unsupported expression node ${n.kind}`)}}}function oV(r,e){let t=rc[r].arity;if(e!==t)throw new Error(`Arithmetic op '${r}' expects ${t} args, got ${e}`)}var GL=({inputs:r,output:e,target:t})=>{let{sourceValues:n}=r;if(!n.value)throw new Error(`${n} does not have CPU value`);let o=new e.ValueType(e.length*e.size);if(n.length===0)return{success:!1,error:new Error(`${n} is empty`)};for(let s=0;s<n.size;s++){let a=St(n,0)[s],c=s*e.size,l=c+1;o[c]=a,o[l]=a;for(let f=1;f<n.length;f++){let u=St(n,f)[s];u<o[c]&&(o[c]=u),u>o[l]&&(o[l]=u)}}return t.write(o),{success:!0,value:o}};var $L=({inputs:r,output:e,target:t})=>nc({func:(n,i)=>{let o=n.length/2,s=new Float64Array(i.buffer);for(let a=0;a<o;a++){let c=s[a];n[a]=Math.fround(c),n[a+o]=c-n[a]}return n},inputs:r,output:e,outputBuffer:t});var VL=async({inputs:r,output:e,target:t})=>{let{ids:n,sourceValues:i}=r,o=n.value,s=i.value;if(!o)throw new Error(`${n} does not have CPU value`);if(!s)throw new Error(`${i} does not have CPU value`);let a=new e.ValueType(e.length*e.size),c=new Array(e.size).fill(0);for(let l=0;l<e.length;l++){let f=St(n,l),u=Number(f[0]),d=sV(u,i.length)?St(i,u):c;a.set(d,l*e.size)}return t.write(a),{success:!0,value:a}};function sV(r,e){return Number.isInteger(r)&&r>=0&&r<e}var WL=({inputs:r,output:e,target:t})=>nc({func:(n,...i)=>{let o=0;for(let s of i)n.set(s,o),o+=s.length},inputs:r,output:e,outputBuffer:t});var jL=({inputs:r,output:e,target:t})=>{let{x:n,y:i}=r,o=new e.ValueType(e.length);for(let s=0;s<e.length;s++){let a=St(n,s),c=St(i,s),l=0;for(let f=0;f<n.size;f++)l+=a[f]*c[f];o[s]=l}return t.write(o),{success:!0,value:o}};var HL=({inputs:r,output:e,target:t})=>{let{x:n,y:i}=r,o=new e.ValueType(e.length);for(let s=0;s<e.length;s++){let a=St(n,s),c=St(i,s),l=1;for(let f=0;f<n.size;f++)if(a[f]!==c[f]){l=0;break}o[s]=l}return t.write(o),{success:!0,value:o}};var YL=({inputs:r,output:e,target:t})=>{let{x:n}=r,i=new e.ValueType(e.length);for(let o=0;o<e.length;o++){let s=St(n,o),a=0;for(let c=0;c<n.size;c++)a+=s[c]*s[c];i[o]=Math.sqrt(a)}return t.write(i),{success:!0,value:i}};var qL=async({inputs:r,output:e,target:t})=>{let{segments:n,vertexCount:i}=r,o=n.value;if(!o)throw new Error(`${n} does not have CPU value`);aV(o,n,i);let s=new e.ValueType(e.length*e.size),a=0;for(let c=0;c<i;c++){for(;a+1<n.length&&o[lx(n,a+1)]<=c;)a++;let l=o[lx(n,a)],f=c*e.size;s[f]=a,s[f+1]=c-l}return t.write(s),{success:!0,value:s}};function aV(r,e,t){if(e.length<1)throw new Error("segmentedMap segments must contain at least one segment start");let n=0;for(let i=0;i<e.length;i++){let o=r[lx(e,i)];if(i===0&&o!==0)throw new Error(`segmentedMap segments must start at 0, got ${o}`);if(i>0&&o<n)throw new Error(`segmentedMap segments must be non-decreasing, got ${o} after ${n}`);n=o}if(n>t)throw new Error(`segmentedMap last segment start must be <= vertexCount, got ${n} > ${t}`)}function lx(r,e){return r.offset/r.ValueType.BYTES_PER_ELEMENT+e*(r.stride/r.ValueType.BYTES_PER_ELEMENT)}var ZL=async({inputs:r,output:e,target:t})=>{let{condition:n,whenTrue:i,whenFalse:o}=r,s=new e.ValueType(e.length*e.size);for(let a=0;a<e.length;a++){let c=St(n,a),l=St(i,a),f=St(o,a);for(let u=0;u<e.size;u++){let d=fx(c,n.size,u);s[a*e.size+u]=d!==0?fx(l,i.size,u):fx(f,o.size,u)}}return t.write(s),{success:!0,value:s}};function fx(r,e,t){return t<e?r[t]:e===1?r[0]:0}var XL=({inputs:r,output:e,target:t})=>{let n=new e.ValueType(e.length);for(let i=0;i<e.length;i++)n[i]=r.start+i*r.step;return t.write(n),{success:!0,value:n}};var KL=({inputs:r,output:e,target:t})=>{let{columns:n}=r;return nc({func:(i,o)=>{for(let s=0;s<n.length;s++)i[s]=o[n[s]]},inputs:{x:r.x},output:e,outputBuffer:t})};var Px=class{_modules={cpu:ux};add(e,t){let n=this._modules[e];if(typeof t.then=="function"){let o=Promise.all([Promise.resolve(n||{}),t]).then(([s,a])=>({...s,...a}));return this._modules[e]=o,o.then(s=>{this._modules[e]=s}).catch(s=>{k.error(`Failed to register ${e} backend: ${s}`)()}),o}if(n&&typeof n.then=="function"){let o=Promise.resolve(n).then(s=>({...s,...t})).then(s=>(this._modules[e]=s,s)).catch(s=>{throw k.error(`Failed to register ${e} backend: ${s}`)(),s});return this._modules[e]=o,o}let i={...n||{},...t};return this._modules[e]=i,Promise.resolve(i)}async get(e,t){let n=this._modules[e];if(!n)if(e==="webgl")n=this.add("webgl",Promise.resolve().then(()=>(LA(),TA)));else if(e==="webgpu")n=this.add("webgpu",Promise.resolve().then(()=>(Ex(),JA)));else throw new Error(`${e} backend not registered`);let o=(await n)[t];if(typeof o!="function")throw new Error(`${e} backend does not implement ${t}`);return o}getSync(e,t){let n=this._modules[e];if(!n)throw new Error(`${e} backend not registered`);if(typeof n.then=="function")throw new Error(`${e} backend is not loaded yet`);let o=n[t];if(typeof o!="function")throw new Error(`${e} backend does not implement ${t}`);return o}clear(){this._modules={}}},lc=new Px;var Lp=class{inputs;dependencies;constructor(e){this.inputs=e,this.dependencies=Array.from(e instanceof Array?e:Object.values(e)).filter(t=>t instanceof Ve)}async execute(e,t){return await this._resolveDependencies(e),await this._executeWithHandler(await lc.get(this._getHandlerRegistry(e),this.name),t)}executeSync(e,t){this._resolveDependenciesSync(e);let n=this._executeWithHandler(lc.getSync(this._getHandlerRegistry(e),this.name),t);if(QV(n))throw new Error(`${this.name} returned a Promise in executeSync()`);return n}shouldExecuteOnCPU(){return this.output.length<=1&&Array.from(this.dependencies).every(e=>!!e.value)}_getHandlerRegistry(e){return this.shouldExecuteOnCPU()?"cpu":e.type}async _resolveDependencies(e){for(let n of this.dependencies)await n.evaluate(e);if(this._getHandlerRegistry(e)==="cpu"||e.type==="null")for(let n of this.dependencies)await n.ensureCPUValue()}_resolveDependenciesSync(e){for(let n of this.dependencies)n.evaluateSync(e);if(this._getHandlerRegistry(e)==="cpu"||e.type==="null")for(let n of this.dependencies)n.ensureCPUValueSync()}_executeWithHandler(e,t){return e({device:t.device,inputs:this.inputs,output:this.output,target:t})}};function QV(r){return typeof r?.then=="function"}function eC(...r){let e=JV(r.map(t=>t.type));return e[0]!=="f"&&r.some(t=>t.normalized)&&(e="float32"),{isConstant:r.every(t=>t.isConstant),type:e,size:r.reduce((t,n)=>Math.max(t,n.size),0),length:r.reduce((t,n)=>Math.max(t,n.length),0)}}function JV(r){let e=0,t=0;for(let n of r){if(n[0]==="f")return"float32";let i=n.endsWith("8")?8:n.endsWith("6")?16:32;n[0]==="u"?e=Math.max(e,i):t=Math.max(t,i)}return e&&!t?`uint${e}`:t&&e<32?`sint${Math.max(t,e*2)}`:"float32"}$i();var Sx=class extends Lp{name="interleave";output;constructor(e){super(e);let{isConstant:t,type:n,length:i}=eC(...e);this.output=new Ve({isConstant:t,type:n,size:e.reduce((o,s)=>o+s.size,0),length:i,source:this})}toString(){return`_${this.inputs.join("_")}_`}};function Tx(...r){if(r.length===0)throw new Error("interleave() requires at least one input");return r.length===1?yp(r[0]):new Sx(r.map(yp)).output}ut();$i();function Ax(r,e){let t=tW(e);for(let n of t)n.evaluateSync(r);return eW(t),e}function eW(r){let e=new Set(r.flatMap(nW)),t=new Set;for(let n of r)Ap(n,t);for(let n of t)n.evaluated&&!e.has(n.buffer)&&n.destroy()}function tW(r){let e=new Set;return Lx(r,e,new Set),Array.from(e)}function Lx(r,e,t){if(iW(r)){e.add(r);return}if(!(!r||typeof r!="object"||t.has(r))){if(t.add(r),Array.isArray(r)){for(let n of r)Lx(n,e,t);return}if(rW(r))for(let n of Object.values(r))Lx(n,e,t)}}function rW(r){let e=Object.getPrototypeOf(r);return e===Object.prototype||e===null}function Ap(r,e){if(r instanceof Lf){for(let n of r.gpuDataEvaluators)Ap(n,e);return}let t=r.source;if(t){if(t instanceof Ve){e.has(t)||(e.add(t),Ap(t,e));return}for(let n of t.dependencies)e.has(n)||(e.add(n),Ap(n,e))}}function nW(r){return r instanceof Ve?[r.buffer]:r.gpuVector.data.map(e=>e.buffer instanceof ir?e.buffer.buffer:e.buffer)}function iW(r){return r instanceof Ve||r instanceof Lf}Ex();var Cf=class{constructor(e,{id:t,isTransitionAttribute:n}){this.packedBuffers={},this.device=e,this.id=t,this.isTransitionAttribute=n,this.device.type==="webgpu"&&lc.add("webgpu",{interleave:Tp})}hasGroups(e){return this.device.type==="webgpu"&&Object.values(e).some(t=>!!t.settings.bufferGroup)}finalize(){for(let e of Object.values(this.packedBuffers))e.packed.destroy();this.packedBuffers={}}getBufferLayouts(e,t){let n=this._getPackedGroups(e,t,{requireValues:!1,excludeAttributes:{}});return this._getBufferLayouts(e,n,t)}getBindings(e,t,n,i){let o=this._getPackedGroups(e,n,{requireValues:!0,excludeAttributes:i}),s={},a=new Set;for(let c of o.values()){let l=!this.packedBuffers[c.id]||c.attributes.some(f=>!!t[f.id]);s[c.id]=this._getPackedBuffer(c,l);for(let f of c.attributes)a.add(f.id)}return{bufferLayouts:this._getBufferLayouts(e,o,n).filter(c=>!i[c.name]&&!e[c.name]?.settings.isIndexed),buffers:s,groupedAttributeIds:a}}_getPackedGroups(e,t,{requireValues:n,excludeAttributes:i}){let o=new Map;for(let a of Object.values(e)){let c=a.settings.bufferGroup;if(!c)continue;let l=o.get(c)||[];l.push(a),o.set(c,l)}let s=new Map;for(let[a,c]of o){let l=this._getPackedGroup(a,c,t,n,i);l&&s.set(a,l)}return s}_getPackedGroup(e,t,n,i,o){if(t.length<2)return null;let s=t.map(h=>h.getBufferLayout(n)),a=s[0].stepMode,c=Math.max(1,t[0].numInstances),l=i&&t.every(h=>h.isConstant);for(let h=0;h<t.length;h++){let p=t[h],g=p.getAccessor(),y=g.size*g.bytesPerElement;if(o[p.id]||p.settings.isIndexed||p.settings.noAlloc||p.doublePrecision||this.isTransitionAttribute(p.id)||s[h].stepMode!==a||p.numInstances!==t[0].numInstances||(g.offset||0)!==0||(g.vertexOffset||0)!==0||xn(g)!==y||i&&(p.isConstant?!p.getConstantValue()||p.getConstantValue().byteLength<y:!ArrayBuffer.isView(p.value)||p.value.byteLength<c*y))return null}let f={},u=[],d=0;for(let h=0;h<t.length;h++){let p=t[h];d=tC(d),f[p.id]=d;for(let g of s[h].attributes||[])u.push({...g,byteOffset:d+(g.byteOffset||0)});d+=xn(p.getAccessor())}return d=tC(d),{id:e,attributes:t,byteStride:d,byteOffsets:f,rowCount:c,layout:{name:e,byteStride:l?0:d,stepMode:a,attributes:u}}}_getBufferLayouts(e,t,n){let i=[],o=new Set,s=new Set;for(let a of t.values())for(let c of a.attributes)s.add(c.id);for(let a of Object.values(e)){let c=a.settings.bufferGroup,l=c&&t.get(c);l&&s.has(a.id)?o.has(l.id)||(i.push(l.layout),o.add(l.id)):i.push(a.getBufferLayout(n))}return i}_getPackedBuffer(e,t){let n=JSON.stringify({byteStride:e.layout.byteStride,attributes:e.layout.attributes}),i=this.packedBuffers[e.id];if((!i||i.layoutKey!==n)&&(t=!0),t){i&&(i.packed.destroy(),delete this.packedBuffers[e.id]);let o=this._interleavePackedGroup(e);return this.packedBuffers[e.id]={packed:o,layoutKey:n},o.buffer}if(!i)throw new Error(`Attribute buffer group ${e.id} has no packed buffer`);return i.packed.buffer}_interleavePackedGroup(e){let t=e.attributes.map(i=>this._getInterleaveInput(e,i)),n=Tx(...t);return Ax(this.device,n),n}_getInterleaveInput(e,t){let n=xn(t.getAccessor()),i=e.byteOffsets[t.id];if(Af(`${e.id}.${t.id} rowByteLength`,n),Af(`${e.id}.${t.id} groupByteOffset`,i),t.isConstant){let c=t.getConstantValue();if(!c)throw new Error(`Attribute group ${e.id} is missing constant value ${t.id}`);return Af(`${e.id}.${t.id} constant byteOffset`,c.byteOffset),new Ve({id:t.id,type:"uint32",size:n/4,isConstant:!0,value:new Uint32Array(c.buffer,c.byteOffset,n/Uint32Array.BYTES_PER_ELEMENT)})}let o=t.getBuffer(),s=t.byteOffset,a=t.getAccessor().stride||n;if(Af(`${e.id}.${t.id} byteOffset`,s),Af(`${e.id}.${t.id} stride`,a),!o)throw new Error(`Attribute group ${e.id} cannot interleave missing buffer ${t.id}`);return new Ve({id:t.id,type:"uint32",size:n/4,offset:s,stride:a,length:e.rowCount,buffer:o})}};function tC(r){return Math.ceil(r/4)*4}function Af(r,e){if(e%4!==0)throw new Error(`Attribute buffer groups require 32-bit alignment: ${r}=${e}`)}ut();Or();function Cx(r){let{source:e,target:t,start:n=0,size:i,getData:o}=r,s=r.end||t.length,a=e.length,c=s-n;if(a>c){t.set(e.subarray(0,c),n);return}if(t.set(e,n),!o)return;let l=a;for(;l<c;){let f=o(l,e);for(let u=0;u<i;u++)t[n+l]=f[u]||0,l++}}function rC({source:r,target:e,size:t,getData:n,sourceStartIndices:i,targetStartIndices:o}){if(!i||!o)return Cx({source:r,target:e,size:t,getData:n}),e;let s=0,a=0,c=n&&((f,u)=>n(f+a,u)),l=Math.min(i.length,o.length);for(let f=1;f<l;f++){let u=i[f]*t,d=o[f]*t;Cx({source:r.subarray(s,u),target:e,start:a,end:d,size:t,getData:c}),s=u,a=d}return a<e.length&&Cx({source:[],target:e,start:a,size:t,getData:c}),e}function nC(r){let{device:e,settings:t,value:n}=r,i=new Rs(e,t);return i.setData({value:n instanceof Float64Array?new Float64Array(0):new Float32Array(0),normalized:t.normalized}),i}function Cp(r){switch(r){case 1:return"float";case 2:return"vec2";case 3:return"vec3";case 4:return"vec4";default:throw new Error(`No defined attribute type for size "${r}"`)}}function Mp(r){switch(r){case 1:return"float32";case 2:return"float32x2";case 3:return"float32x3";case 4:return"float32x4";default:throw new Error("invalid type size")}}function Rp(r){r.push(r.shift())}function iC(r,e){let{settings:t,value:n,size:i}=r,o=r.isDoublePrecisionBuffer?2:1,s=0,{shaderAttributes:a}=r.settings;if(a)for(let c of Object.values(a))s=Math.max(s,c.vertexOffset??0);return(t.noAlloc?n.length:(e+s)*i)*o}function Ip({device:r,source:e,target:t}){return(!t||t.byteLength<e.byteLength)&&(t?.destroy(),t=r.createBuffer({byteLength:e.byteLength,usage:e.usage})),t}function Op({device:r,buffer:e,attribute:t,fromLength:n,toLength:i,fromStartIndices:o,getData:s=a=>a}){let a=t.isDoublePrecisionBuffer?2:1,c=t.size*a,l=t.byteOffset,f=t.settings.bytesPerElement<4?l/t.settings.bytesPerElement*4:l,u=t.startIndices,d=o&&u,h=t.isConstant;if(!d&&e&&n>=i)return e;let p=t.value instanceof Float64Array?Float32Array:t.value.constructor,g=h?t.value:new p(t.getBuffer().readSyncWebGL(l,i*p.BYTES_PER_ELEMENT).buffer);if(t.settings.normalized&&!h){let b=s;s=(v,T)=>t.normalizeConstant(b(v,T))}let y=h?(b,v)=>s(g,v):(b,v)=>s(g.subarray(b+l,b+l+c),v),w=e?new Float32Array(e.readSyncWebGL(f,n*4).buffer):new Float32Array(0),x=new Float32Array(i);return rC({source:w,target:x,sourceStartIndices:o,targetStartIndices:u,size:c,getData:y}),(!e||e.byteLength<x.byteLength+f)&&(e?.destroy(),e=r.createBuffer({byteLength:x.byteLength+f,usage:35050})),e.write(x,f),e}var fc=class{constructor({device:e,attribute:t,timeline:n}){this.buffers=[],this.currentLength=0,this.device=e,this.transition=new kn(n),this.attribute=t,this.attributeInTransition=nC(t),this.currentStartIndices=t.startIndices}get inProgress(){return this.transition.inProgress}start(e,t,n=1/0){this.settings=e,this.currentStartIndices=this.attribute.startIndices,this.currentLength=iC(this.attribute,t),this.transition.start({...e,duration:n})}update(){let e=this.transition.update();return e&&this.onUpdate(),e}setBuffer(e){let{stride:t}=this.attributeInTransition.getAccessor();this.attributeInTransition.setData({buffer:e,normalized:this.attribute.settings.normalized,value:this.attributeInTransition.value,stride:t})}cancel(){this.transition.cancel()}delete(){this.cancel();for(let e of this.buffers)e.destroy();this.buffers.length=0}};var Mf=class extends fc{constructor({device:e,attribute:t,timeline:n}){super({device:e,attribute:t,timeline:n}),this.type="interpolation",this.transform=cW(e,t)}start(e,t){let n=this.currentLength,i=this.currentStartIndices;if(super.start(e,t,e.duration),e.duration<=0){this.transition.cancel();return}let{buffers:o,attribute:s}=this;Rp(o),o[0]=Op({device:this.device,buffer:o[0],attribute:s,fromLength:n,toLength:this.currentLength,fromStartIndices:i,getData:e.enter}),o[1]=Ip({device:this.device,source:o[0],target:o[1]}),this.setBuffer(o[1]);let{transform:a}=this,c=a.model,l=Math.floor(this.currentLength/s.size);sC(s)&&(l/=2),c.setVertexCount(l),s.isConstant?(c.setAttributes({aFrom:o[0]}),c.setConstantAttributes({aTo:s.value})):c.setAttributes({aFrom:o[0],aTo:s.getBuffer()}),a.transformFeedback.setBuffers({vCurrent:o[1]})}onUpdate(){let{duration:e,easing:t}=this.settings,{time:n}=this.transition,i=n/e;t&&(i=t(i));let{model:o}=this.transform,s={time:i};o.shaderInputs.setProps({interpolation:s}),this.transform.run({discard:!0})}delete(){super.delete(),this.transform.destroy()}},oW=`layout(std140) uniform interpolationUniforms {
  float time;
} interpolation;
`,oC={name:"interpolation",vs:oW,uniformTypes:{time:"f32"}},sW=`#version 300 es
#define SHADER_NAME interpolation-transition-vertex-shader

in ATTRIBUTE_TYPE aFrom;
in ATTRIBUTE_TYPE aTo;
out ATTRIBUTE_TYPE vCurrent;

void main(void) {
  vCurrent = mix(aFrom, aTo, interpolation.time);
  gl_Position = vec4(0.0);
}
`,aW=`#version 300 es
#define SHADER_NAME interpolation-transition-vertex-shader

in ATTRIBUTE_TYPE aFrom;
in ATTRIBUTE_TYPE aFrom64Low;
in ATTRIBUTE_TYPE aTo;
in ATTRIBUTE_TYPE aTo64Low;
out ATTRIBUTE_TYPE vCurrent;
out ATTRIBUTE_TYPE vCurrent64Low;

vec2 mix_fp64(vec2 a, vec2 b, float x) {
  vec2 range = sub_fp64(b, a);
  return sum_fp64(a, mul_fp64(range, vec2(x, 0.0)));
}

void main(void) {
  for (int i=0; i<ATTRIBUTE_SIZE; i++) {
    vec2 value = mix_fp64(vec2(aFrom[i], aFrom64Low[i]), vec2(aTo[i], aTo64Low[i]), interpolation.time);
    vCurrent[i] = value.x;
    vCurrent64Low[i] = value.y;
  }
  gl_Position = vec4(0.0);
}
`;function sC(r){return r.isDoublePrecisionBuffer}function cW(r,e){let t=e.size,n=Cp(t),i=Mp(t),o=e.getBufferLayout();return sC(e)?new or(r,{vs:aW,bufferLayout:[{name:"aFrom",byteStride:8*t,attributes:[{attribute:"aFrom",format:i,byteOffset:0},{attribute:"aFrom64Low",format:i,byteOffset:4*t}]},{name:"aTo",byteStride:8*t,attributes:[{attribute:"aTo",format:i,byteOffset:0},{attribute:"aTo64Low",format:i,byteOffset:4*t}]}],modules:[D_,oC],defines:{ATTRIBUTE_TYPE:n,ATTRIBUTE_SIZE:t},moduleSettings:{},varyings:["vCurrent","vCurrent64Low"],bufferMode:35980,disableWarnings:!0}):new or(r,{vs:sW,bufferLayout:[{name:"aFrom",format:i},{name:"aTo",format:o.attributes[0].format}],modules:[oC],defines:{ATTRIBUTE_TYPE:n},varyings:["vCurrent"],disableWarnings:!0})}ut();var Rf=class extends fc{constructor({device:e,attribute:t,timeline:n}){super({device:e,attribute:t,timeline:n}),this.type="spring",this.texture=pW(e),this.framebuffer=mW(e,this.texture),this.transform=hW(e,t)}start(e,t){let n=this.currentLength,i=this.currentStartIndices;super.start(e,t);let{buffers:o,attribute:s}=this;for(let c=0;c<2;c++)o[c]=Op({device:this.device,buffer:o[c],attribute:s,fromLength:n,toLength:this.currentLength,fromStartIndices:i,getData:e.enter});o[2]=Ip({device:this.device,source:o[0],target:o[2]}),this.setBuffer(o[1]);let{model:a}=this.transform;a.setVertexCount(Math.floor(this.currentLength/s.size)),s.isConstant?a.setConstantAttributes({aTo:s.value}):a.setAttributes({aTo:s.getBuffer()})}onUpdate(){let{buffers:e,transform:t,framebuffer:n,transition:i}=this,o=this.settings;t.model.setAttributes({aPrev:e[0],aCur:e[1]}),t.transformFeedback.setBuffers({vNext:e[2]});let s={stiffness:o.stiffness,damping:o.damping};t.model.shaderInputs.setProps({spring:s}),t.run({framebuffer:n,discard:!1,parameters:{viewport:[0,0,1,1]},clearColor:[0,0,0,0]}),Rp(e),this.setBuffer(e[1]),this.device.readPixelsToArrayWebGL(n)[0]>0||i.end()}delete(){super.delete(),this.transform.destroy(),this.texture.destroy(),this.framebuffer.destroy()}},lW=`layout(std140) uniform springUniforms {
  float damping;
  float stiffness;
} spring;
`,fW={name:"spring",vs:lW,uniformTypes:{damping:"f32",stiffness:"f32"}},uW=`#version 300 es
#define SHADER_NAME spring-transition-vertex-shader

#define EPSILON 0.00001

in ATTRIBUTE_TYPE aPrev;
in ATTRIBUTE_TYPE aCur;
in ATTRIBUTE_TYPE aTo;
out ATTRIBUTE_TYPE vNext;
out float vIsTransitioningFlag;

ATTRIBUTE_TYPE getNextValue(ATTRIBUTE_TYPE cur, ATTRIBUTE_TYPE prev, ATTRIBUTE_TYPE dest) {
  ATTRIBUTE_TYPE velocity = cur - prev;
  ATTRIBUTE_TYPE delta = dest - cur;
  ATTRIBUTE_TYPE force = delta * spring.stiffness;
  ATTRIBUTE_TYPE resistance = velocity * spring.damping;
  return force - resistance + velocity + cur;
}

void main(void) {
  bool isTransitioning = length(aCur - aPrev) > EPSILON || length(aTo - aCur) > EPSILON;
  vIsTransitioningFlag = isTransitioning ? 1.0 : 0.0;

  vNext = getNextValue(aCur, aPrev, aTo);
  gl_Position = vec4(0, 0, 0, 1);
  gl_PointSize = 100.0;
}
`,dW=`#version 300 es
#define SHADER_NAME spring-transition-is-transitioning-fragment-shader

in float vIsTransitioningFlag;

out vec4 fragColor;

void main(void) {
  if (vIsTransitioningFlag == 0.0) {
    discard;
  }
  fragColor = vec4(1.0);
}`;function hW(r,e){let t=Cp(e.size),n=Mp(e.size);return new or(r,{vs:uW,fs:dW,bufferLayout:[{name:"aPrev",format:n},{name:"aCur",format:n},{name:"aTo",format:e.getBufferLayout().attributes[0].format}],varyings:["vNext"],modules:[fW],defines:{ATTRIBUTE_TYPE:t},parameters:{depthCompare:"always",blendColorOperation:"max",blendColorSrcFactor:"one",blendColorDstFactor:"one",blendAlphaOperation:"max",blendAlphaSrcFactor:"one",blendAlphaDstFactor:"one"}})}function pW(r){return r.createTexture({data:new Uint8Array(4),format:"rgba8unorm",width:1,height:1})}function mW(r,e){return r.createFramebuffer({id:"spring-transition-is-transitioning-framebuffer",width:1,height:1,colorAttachments:[e]})}var gW={interpolation:Mf,spring:Rf},If=class{constructor(e,{id:t,timeline:n}){if(!e)throw new Error("AttributeTransitionManager is constructed without device");this.id=t,this.device=e,this.timeline=n,this.transitions={},this.needsRedraw=!1,this.numInstances=1}finalize(){for(let e in this.transitions)this._removeTransition(e)}update({attributes:e,transitions:t,numInstances:n}){this.numInstances=n||1;for(let i in e){let o=e[i],s=o.getTransitionSetting(t);s&&this._updateAttribute(i,o,s)}for(let i in this.transitions){let o=e[i];(!o||!o.getTransitionSetting(t))&&this._removeTransition(i)}}hasAttribute(e){let t=this.transitions[e];return t&&t.inProgress}getAttributes(){let e={};for(let t in this.transitions){let n=this.transitions[t];n.inProgress&&(e[t]=n.attributeInTransition)}return e}run(){if(this.numInstances===0)return!1;for(let t in this.transitions)this.transitions[t].update()&&(this.needsRedraw=!0);let e=this.needsRedraw;return this.needsRedraw=!1,e}_removeTransition(e){this.transitions[e].delete(),delete this.transitions[e]}_updateAttribute(e,t,n){let i=this.transitions[e],o=!i||i.type!==n.type;if(o){i&&this._removeTransition(e);let s=gW[n.type];s?this.transitions[e]=new s({attribute:t,timeline:this.timeline,device:this.device}):(pe.error(`unsupported transition type '${n.type}'`)(),o=!1)}(o||t.needsRedraw())&&(this.needsRedraw=!0,this.transitions[e].start(n,this.numInstances))}};var aC="attributeManager.invalidate",yW="attributeManager.updateStart",_W="attributeManager.updateEnd",bW="attribute.updateStart",xW="attribute.allocate",vW="attribute.updateEnd",Of=class{constructor(e,{id:t="attribute-manager",stats:n,timeline:i}={}){this.mergeBoundsMemoized=li(QS),this.id=t,this.device=e,this.attributes={},this.updateTriggers={},this.needsRedraw=!0,this.userData={},this.stats=n,this.attributeTransitionManager=new If(e,{id:`${t}-transitions`,timeline:i}),this.attributeBufferGroups=e.type==="webgpu"?new Cf(e,{id:t,isTransitionAttribute:o=>this.attributeTransitionManager.hasAttribute(o)}):null,Object.seal(this)}finalize(){this.attributeBufferGroups?.finalize();for(let e in this.attributes)this.attributes[e].delete();this.attributeTransitionManager.finalize()}getNeedsRedraw(e={clearRedrawFlags:!1}){let t=this.needsRedraw;return this.needsRedraw=this.needsRedraw&&!e.clearRedrawFlags,t&&this.id}setNeedsRedraw(){this.needsRedraw=!0}add(e){this._add(e)}addInstanced(e){this._add(e,{stepMode:"instance"})}remove(e){for(let t of e)this.attributes[t]!==void 0&&(this.attributes[t].delete(),delete this.attributes[t])}invalidate(e,t){let n=this._invalidateTrigger(e,t);mt(aC,this,e,n)}invalidateAll(e){for(let t in this.attributes)this.attributes[t].setNeedsUpdate(t,e);mt(aC,this,"all")}update({data:e,numInstances:t,startIndices:n=null,transitions:i,props:o={},buffers:s={},context:a={}}){let c=!1;mt(yW,this),this.stats&&this.stats.get("Update Attributes").timeStart();for(let l in this.attributes){let f=this.attributes[l],u=f.settings.accessor;f.startIndices=n,f.numInstances=t,o[l]&&pe.removed(`props.${l}`,`data.attributes.${l}`)(),f.setExternalBuffer(s[l])||f.setBinaryValue(typeof u=="string"?s[u]:void 0,e.startIndices)||typeof u=="string"&&!s[u]&&f.setConstantValue(a,o[u])||f.needsUpdate()&&(c=!0,this._updateAttribute({attribute:f,numInstances:t,data:e,props:o,context:a})),this.needsRedraw=this.needsRedraw||f.needsRedraw()}c&&mt(_W,this,t),this.stats&&(this.stats.get("Update Attributes").timeEnd(),c&&this.stats.get("Attributes updated").incrementCount()),this.attributeTransitionManager.update({attributes:this.attributes,numInstances:t,transitions:i})}updateTransition(){let{attributeTransitionManager:e}=this,t=e.run();return this.needsRedraw=this.needsRedraw||t,t}getAttributes(){return{...this.attributes,...this.attributeTransitionManager.getAttributes()}}getBounds(e){let t=e.map(n=>this.attributes[n]?.getBounds());return this.mergeBoundsMemoized(t)}getChangedAttributes(e={clearChangedFlags:!1}){let{attributes:t,attributeTransitionManager:n}=this,i={...n.getAttributes()};for(let o in t){let s=t[o];s.needsRedraw(e)&&!n.hasAttribute(o)&&(i[o]=s)}return i}getBufferLayouts(e){return this.hasBufferGroups()?this.attributeBufferGroups.getBufferLayouts(this.getAttributes(),e):Object.values(this.getAttributes()).map(t=>t.getBufferLayout(e))}hasBufferGroups(){return!!this.attributeBufferGroups?.hasGroups(this.attributes)}getBufferGroupBindings(e,t,n={}){return this.attributeBufferGroups?this.attributeBufferGroups.getBindings(this.getAttributes(),e,t,n):{bufferLayouts:this.getBufferLayouts(t),buffers:{},groupedAttributeIds:new Set}}_add(e,t){for(let n in e){let i=e[n],o={...i,id:n,size:i.isIndexed&&1||i.size||1,...t};this.attributes[n]=new Rs(this.device,o)}this._mapUpdateTriggersToAttributes()}_mapUpdateTriggersToAttributes(){let e={};for(let t in this.attributes)this.attributes[t].getUpdateTriggers().forEach(i=>{e[i]||(e[i]=[]),e[i].push(t)});this.updateTriggers=e}_invalidateTrigger(e,t){let{attributes:n,updateTriggers:i}=this,o=i[e];return o&&o.forEach(s=>{let a=n[s];a&&a.setNeedsUpdate(a.id,t)}),o}_updateAttribute(e){let{attribute:t,numInstances:n}=e;if(mt(bW,t),t.constant){t.setConstantValue(e.context,t.value);return}t.allocate(n)&&mt(xW,t,n),t.updateBuffer(e)&&(this.needsRedraw=!0,mt(vW,t,n))}};se();ip();Ft();var Bf=class extends kn{get value(){return this._value}_onUpdate(){let{time:e,settings:{fromValue:t,toValue:n,duration:i,easing:o}}=this,s=o(e/i);this._value=An(t,n,s)}};var cC=1e-5;function lC(r,e,t,n,i){let o=e-r,a=(t-e)*i,c=-o*n;return a+c+o+e}function wW(r,e,t,n,i){if(Array.isArray(t)){let o=[];for(let s=0;s<t.length;s++)o[s]=lC(r[s],e[s],t[s],n,i);return o}return lC(r,e,t,n,i)}function fC(r,e){if(Array.isArray(r)){let t=0;for(let n=0;n<r.length;n++){let i=r[n]-e[n];t+=i*i}return Math.sqrt(t)}return Math.abs(r-e)}var kf=class extends kn{get value(){return this._currValue}_onUpdate(){let{fromValue:e,toValue:t,damping:n,stiffness:i}=this.settings,{_prevValue:o=e,_currValue:s=e}=this,a=wW(o,s,t,n,i),c=fC(a,t),l=fC(a,s);c<cC&&l<cC&&(a=t,this.end()),this._prevValue=s,this._currValue=a}};var EW={interpolation:Bf,spring:kf},Df=class{constructor(e){this.transitions=new Map,this.timeline=e}get active(){return this.transitions.size>0}add(e,t,n,i){let{transitions:o}=this;if(o.has(e)){let c=o.get(e),{value:l=c.settings.fromValue}=c;t=l,this.remove(e)}if(i=fp(i),!i)return;let s=EW[i.type];if(!s){pe.error(`unsupported transition type '${i.type}'`)();return}let a=new s(this.timeline);a.start({...i,fromValue:t,toValue:n}),o.set(e,a)}remove(e){let{transitions:t}=this;t.has(e)&&(t.get(e).cancel(),t.delete(e))}update(){let e={};for(let[t,n]of this.transitions)n.update(),e[t]=n.value,n.inProgress||this.remove(t);return e}clear(){for(let e of this.transitions.keys())this.remove(e)}};function dC(r){let e=r[_n];for(let t in e){let n=e[t],{validate:i}=n;if(i&&!i(r[t],n))throw new Error(`Invalid prop ${t}: ${r[t]}`)}}function hC(r,e){let t=pC({newProps:r,oldProps:e,propTypes:r[_n],ignoreProps:{data:null,updateTriggers:null,extensions:null,transitions:null}}),n=SW(r,e),i=!1;return n||(i=TW(r,e)),{dataChanged:n,propsChanged:t,updateTriggersChanged:i,extensionsChanged:LW(r,e),transitionsChanged:PW(r,e)}}function PW(r,e){if(!r.transitions)return!1;let t={},n=r[_n],i=!1;for(let o in r.transitions){let s=n[o],a=s&&s.type;(a==="number"||a==="color"||a==="array")&&Mx(r[o],e[o],s)&&(t[o]=!0,i=!0)}return i?t:!1}function pC({newProps:r,oldProps:e,ignoreProps:t={},propTypes:n={},triggerName:i="props"}){if(e===r)return!1;if(typeof r!="object"||r===null)return`${i} changed shallowly`;if(typeof e!="object"||e===null)return`${i} changed shallowly`;for(let o of Object.keys(r))if(!(o in t)){if(!(o in e))return`${i}.${o} added`;let s=Mx(r[o],e[o],n[o]);if(s)return`${i}.${o} ${s}`}for(let o of Object.keys(e))if(!(o in t)){if(!(o in r))return`${i}.${o} dropped`;if(!Object.hasOwnProperty.call(r,o)){let s=Mx(r[o],e[o],n[o]);if(s)return`${i}.${o} ${s}`}}return!1}function Mx(r,e,t){let n=t&&t.equal;return n&&!n(r,e,t)||!n&&(n=r&&e&&r.equals,n&&!n.call(r,e))?"changed deeply":!n&&e!==r?"changed shallowly":null}function SW(r,e){if(e===null)return"oldProps is null, initial diff";let t=!1,{dataComparator:n,_dataDiff:i}=r;return n?n(r.data,e.data)||(t="Data comparator detected a change"):r.data!==e.data&&(t="A new data container was supplied"),t&&i&&(t=i(r.data,e.data)||t),t}function TW(r,e){if(e===null)return{all:!0};if("all"in r.updateTriggers&&uC(r,e,"all"))return{all:!0};let t={},n=!1;for(let i in r.updateTriggers)i!=="all"&&uC(r,e,i)&&(t[i]=!0,n=!0);return n?t:!1}function LW(r,e){if(e===null)return!0;let t=e.extensions,{extensions:n}=r;if(n===t)return!1;if(!t||!n||n.length!==t.length)return!0;for(let i=0;i<n.length;i++)if(!n[i].equals(t[i]))return!0;return!1}function uC(r,e,t){let n=r.updateTriggers[t];n=n??{};let i=e.updateTriggers[t];return i=i??{},pC({oldProps:i,newProps:n,triggerName:t})}var AW="count(): argument not an object",CW="count(): argument not a container";function mC(r){if(!RW(r))throw new Error(AW);if(typeof r.count=="function")return r.count();if(Number.isFinite(r.size))return r.size;if(Number.isFinite(r.length))return r.length;if(MW(r))return Object.keys(r).length;throw new Error(CW)}function MW(r){return r!==null&&typeof r=="object"&&r.constructor===Object}function RW(r){return r!==null&&typeof r=="object"}function Rx(r,e){if(!e)return r;let t={...r,...e};if("defines"in e&&(t.defines={...r.defines,...e.defines}),"modules"in e&&(t.modules=(r.modules||[]).concat(e.modules),e.modules.some(n=>n.name==="project64"))){let n=t.modules.findIndex(i=>i.name==="project32");n>=0&&t.modules.splice(n,1)}if("inject"in e)if(!r.inject)t.inject=e.inject;else{let n={...r.inject};for(let i in e.inject)n[i]=(n[i]||"")+e.inject[i];t.inject=n}return t}se();var IW={minFilter:"linear",mipmapFilter:"linear",magFilter:"linear",addressModeU:"clamp-to-edge",addressModeV:"clamp-to-edge"},Ix={};function gC(r,e,t,n){if(t instanceof Ie)return t;t.constructor&&t.constructor.name!=="Object"&&(t={data:t});let i=null;t.compressed&&(i={minFilter:"linear",mipmapFilter:t.data.length>1?"nearest":"linear"});let{width:o,height:s}=t.data,a=e.createTexture({...t,sampler:{...IW,...i,...n},mipLevels:e.getMipLevelCount(o,s)});return e.type==="webgl"?a.generateMipmapsWebGL():e.type==="webgpu"&&e.generateMipmapsWebGPU(a),Ix[a.id]=r,a}function yC(r,e){!e||!(e instanceof Ie)||Ix[e.id]===r&&(e.delete(),delete Ix[e.id])}var OW={boolean:{validate(r,e){return!0},equal(r,e,t){return!!r==!!e}},number:{validate(r,e){return Number.isFinite(r)&&(!("max"in e)||r<=e.max)&&(!("min"in e)||r>=e.min)}},color:{validate(r,e){return e.optional&&!r||Ox(r)&&(r.length===3||r.length===4)},equal(r,e,t){return gt(r,e,1)}},accessor:{validate(r,e){let t=Bp(r);return t==="function"||t===Bp(e.value)},equal(r,e,t){return typeof e=="function"?!0:gt(r,e,1)}},array:{validate(r,e){return e.optional&&!r||Ox(r)},equal(r,e,t){let{compare:n}=t,i=Number.isInteger(n)?n:n?1:0;return n?gt(r,e,i):r===e}},object:{equal(r,e,t){if(t.ignore)return!0;let{compare:n}=t,i=Number.isInteger(n)?n:n?1:0;return n?gt(r,e,i):r===e}},function:{validate(r,e){return e.optional&&!r||typeof r=="function"},equal(r,e,t){return!t.compare&&t.ignore!==!1||r===e}},data:{transform:(r,e,t)=>{if(!r)return r;let{dataTransform:n}=t.props;return n?n(r):typeof r.shape=="string"&&r.shape.endsWith("-table")&&Array.isArray(r.data)?r.data:r}},image:{transform:(r,e,t)=>{let n=t.context;return!n||!n.device?null:gC(t.id,n.device,r,{...e.parameters,...t.props.textureParameters})},release:(r,e,t)=>{yC(t.id,r)}}};function _C(r){let e={},t={},n={};for(let[i,o]of Object.entries(r)){let s=o?.deprecatedFor;if(s)n[i]=Array.isArray(s)?s:[s];else{let a=BW(i,o);e[i]=a,t[i]=a.value}}return{propTypes:e,defaultProps:t,deprecatedProps:n}}function BW(r,e){switch(Bp(e)){case"object":return Nf(r,e);case"array":return Nf(r,{type:"array",value:e,compare:!1});case"boolean":return Nf(r,{type:"boolean",value:e});case"number":return Nf(r,{type:"number",value:e});case"function":return Nf(r,{type:"function",value:e,compare:!0});default:return{name:r,type:"unknown",value:e}}}function Nf(r,e){return"type"in e?{name:r,...OW[e.type],...e}:"value"in e?{name:r,type:Bp(e.value),...e}:{name:r,type:"object",value:e}}function Ox(r){return Array.isArray(r)||ArrayBuffer.isView(r)}function Bp(r){return Ox(r)?"array":r===null?"null":typeof r}function bC(r,e){let t;for(let o=e.length-1;o>=0;o--){let s=e[o];"extensions"in s&&(t=s.extensions)}let n=Bx(r.constructor,t),i=Object.create(n);i[Ya]=r,i[mi]={},i[Bn]={};for(let o=0;o<e.length;++o){let s=e[o];for(let a in s)i[a]=s[a]}return Object.freeze(i),i}var kW="_mergedDefaultProps";function Bx(r,e){if(!(r instanceof kp.constructor))return{};let t=kW;if(e)for(let i of e){let o=i.constructor;o&&(t+=`:${o.extensionName||o.name}`)}let n=xC(r,t);return n||(r[t]=DW(r,e||[]))}function DW(r,e){if(!r.prototype)return null;let n=Object.getPrototypeOf(r),i=Bx(n),o=xC(r,"defaultProps")||{},s=_C(o),a=Object.assign(Object.create(null),i,s.defaultProps),c=Object.assign(Object.create(null),i?.[_n],s.propTypes),l=Object.assign(Object.create(null),i?.[vh],s.deprecatedProps);for(let f of e){let u=Bx(f.constructor);u&&(Object.assign(a,u),Object.assign(c,u[_n]),Object.assign(l,u[vh]))}return NW(a,r),UW(a,c),FW(a,l),a[_n]=c,a[vh]=l,e.length===0&&!kx(r,"_propTypes")&&(r._propTypes=c),a}function NW(r,e){let t=GW(e);Object.defineProperties(r,{id:{writable:!0,value:t}})}function FW(r,e){for(let t in e)Object.defineProperty(r,t,{enumerable:!1,set(n){let i=`${this.id}: ${t}`;for(let o of e[t])kx(this,o)||(this[o]=n);pe.deprecated(i,e[t].join("/"))()}})}function UW(r,e){let t={},n={};for(let i in e){let o=e[i],{name:s,value:a}=o;o.async&&(t[s]=a,n[s]=zW(s))}r[Ni]=t,r[mi]={},Object.defineProperties(r,n)}function zW(r){return{enumerable:!0,set(e){typeof e=="string"||e instanceof Promise||cp(e)?this[mi][r]=e:this[Bn][r]=e},get(){if(this[Bn]){if(r in this[Bn])return this[Bn][r]||this[Ni][r];if(r in this[mi]){let e=this[Ya]&&this[Ya].internalState;if(e&&e.hasAsyncProp(r))return e.getAsyncProp(r)||this[Ni][r]}}return this[Ni][r]}}}function kx(r,e){return Object.prototype.hasOwnProperty.call(r,e)}function xC(r,e){return kx(r,e)&&r[e]}function GW(r){let e=r.componentName;return e||pe.warn(`${r.name}.componentName not specified`)(),e||r.name}var $W=0,Ff=class{constructor(...e){this.props=bC(this,e),this.id=this.props.id,this.count=$W++}clone(e){let{props:t}=this,n={};for(let i in t[Ni])i in t[Bn]?n[i]=t[Bn][i]:i in t[mi]&&(n[i]=t[mi][i]);return new this.constructor({...t,...n,...e})}};Ff.componentName="Component";Ff.defaultProps={};var kp=Ff;var VW=Object.freeze({}),Uf=class{constructor(e){this.component=e,this.asyncProps={},this.onAsyncPropUpdated=()=>{},this.oldProps=null,this.oldAsyncProps=null}finalize(){for(let e in this.asyncProps){let t=this.asyncProps[e];t&&t.type&&t.type.release&&t.type.release(t.resolvedValue,t.type,this.component)}this.asyncProps={},this.component=null,this.resetOldProps()}getOldProps(){return this.oldAsyncProps||this.oldProps||VW}resetOldProps(){this.oldAsyncProps=null,this.oldProps=this.component?this.component.props:null}hasAsyncProp(e){return e in this.asyncProps}getAsyncProp(e){let t=this.asyncProps[e];return t&&t.resolvedValue}isAsyncPropLoading(e){if(e){let t=this.asyncProps[e];return!!(t&&t.pendingLoadCount>0&&t.pendingLoadCount!==t.resolvedLoadCount)}for(let t in this.asyncProps)if(this.isAsyncPropLoading(t))return!0;return!1}reloadAsyncProp(e,t){this._watchPromise(e,Promise.resolve(t))}setAsyncProps(e){this.component=e[Ya]||this.component;let t=e[Bn]||{},n=e[mi]||e,i=e[Ni]||{};for(let o in t){let s=t[o];this._createAsyncPropData(o,i[o]),this._updateAsyncProp(o,s),t[o]=this.getAsyncProp(o)}for(let o in n){let s=n[o];this._createAsyncPropData(o,i[o]),this._updateAsyncProp(o,s)}}_fetch(e,t){return null}_onResolve(e,t){}_onError(e,t){}_updateAsyncProp(e,t){if(this._didAsyncInputValueChange(e,t)){if(typeof t=="string"&&(t=this._fetch(e,t)),t instanceof Promise){this._watchPromise(e,t);return}if(cp(t)){this._resolveAsyncIterable(e,t);return}this._setPropValue(e,t)}}_freezeAsyncOldProps(){if(!this.oldAsyncProps&&this.oldProps){this.oldAsyncProps=Object.create(this.oldProps);for(let e in this.asyncProps)Object.defineProperty(this.oldAsyncProps,e,{enumerable:!0,value:this.oldProps[e]})}}_didAsyncInputValueChange(e,t){let n=this.asyncProps[e];return t===n.resolvedValue||t===n.lastValue?!1:(n.lastValue=t,!0)}_setPropValue(e,t){this._freezeAsyncOldProps();let n=this.asyncProps[e];n&&(t=this._postProcessValue(n,t),n.resolvedValue=t,n.pendingLoadCount++,n.resolvedLoadCount=n.pendingLoadCount)}_setAsyncPropValue(e,t,n){let i=this.asyncProps[e];i&&n>=i.resolvedLoadCount&&t!==void 0&&(this._freezeAsyncOldProps(),i.resolvedValue=t,i.resolvedLoadCount=n,this.onAsyncPropUpdated(e,t))}_watchPromise(e,t){let n=this.asyncProps[e];if(n){n.pendingLoadCount++;let i=n.pendingLoadCount;t.then(o=>{this.component&&(o=this._postProcessValue(n,o),this._setAsyncPropValue(e,o,i),this._onResolve(e,o))}).catch(o=>{this._onError(e,o)})}}async _resolveAsyncIterable(e,t){if(e!=="data"){this._setPropValue(e,t);return}let n=this.asyncProps[e];if(!n)return;n.pendingLoadCount++;let i=n.pendingLoadCount,o=[],s=0;for await(let a of t){if(!this.component)return;let{dataTransform:c}=this.component.props;c?o=c(a,o):o=o.concat(a),Object.defineProperty(o,"__diff",{enumerable:!1,value:[{startRow:s,endRow:o.length}]}),s=o.length,this._setAsyncPropValue(e,o,i)}this._onResolve(e,o)}_postProcessValue(e,t){let n=e.type;return n&&this.component&&(n.release&&n.release(e.resolvedValue,n,this.component),n.transform)?n.transform(t,n,this.component):t}_createAsyncPropData(e,t){if(!this.asyncProps[e]){let i=this.component&&this.component.props[_n];this.asyncProps[e]={type:i&&i[e],lastValue:null,resolvedValue:t,pendingLoadCount:0,resolvedLoadCount:0}}}};var zf=class extends Uf{constructor({attributeManager:e,layer:t}){super(t),this.attributeManager=e,this.needsRedraw=!0,this.needsUpdate=!0,this.subLayers=null,this.usesPickingColorCache=!1,this.disabledPickingIndices=[]}get layer(){return this.component}_fetch(e,t){let n=this.layer,i=n?.props.fetch;return i?i(t,{propName:e,layer:n}):super._fetch(e,t)}_onResolve(e,t){let n=this.layer;if(n){let i=n.props.onDataLoad;e==="data"&&i&&i(t,{propName:e,layer:n})}}_onError(e,t){let n=this.layer;n&&n.raiseError(t,`loading ${e} of ${this.layer}`)}};var WW="layer.changeFlag",jW="layer.initialize",HW="layer.update",YW="layer.finalize",qW="layer.matched",vC=2**24-1,ZW=Object.freeze([]),XW=li(({oldViewport:r,viewport:e})=>r.equals(e)),vn=new Uint8ClampedArray(0);function wC(r){return r.rowIndexes||r.pickingColors||r.instancePickingColors}function Dx(r){return r.rowIndexes}function Nx(r){return r.pickingColors||r.instancePickingColors}var KW={data:{type:"data",value:ZW,async:!0},dataComparator:{type:"function",value:null,optional:!0},_dataDiff:{type:"function",value:r=>r&&r.__diff,optional:!0},dataTransform:{type:"function",value:null,optional:!0},onDataLoad:{type:"function",value:null,optional:!0},onError:{type:"function",value:null,optional:!0},fetch:{type:"function",value:(r,{propName:e,layer:t,loaders:n,loadOptions:i,signal:o})=>{let{resourceManager:s}=t.context;i=i||t.getLoadOptions(),n=n||t.props.loaders,o&&(i={...i,core:{...i?.core,fetch:{...i?.core?.fetch,signal:o}}});let a=s.contains(r);return!a&&!i&&(s.add({resourceId:r,data:ua(r,n),persistent:!1}),a=!0),a?s.subscribe({resourceId:r,onChange:c=>t.internalState?.reloadAsyncProp(e,c),consumerId:t.id,requestId:e}):ua(r,n,i)}},updateTriggers:{},visible:!0,pickable:!1,opacity:{type:"number",min:0,max:1,value:1},operation:"draw",onHover:{type:"function",value:null,optional:!0},onClick:{type:"function",value:null,optional:!0},onDragStart:{type:"function",value:null,optional:!0},onDrag:{type:"function",value:null,optional:!0},onDragEnd:{type:"function",value:null,optional:!0},coordinateSystem:"default",coordinateOrigin:{type:"array",value:[0,0,0],compare:!0},modelMatrix:{type:"array",value:null,compare:!0,optional:!0},wrapLongitude:!1,positionFormat:"XYZ",colorFormat:"RGBA",parameters:{type:"object",value:{},optional:!0,compare:2},loadOptions:{type:"object",value:null,optional:!0,ignore:!0},transitions:null,extensions:[],loaders:{type:"array",value:[],optional:!0,ignore:!0},getPolygonOffset:{type:"function",value:({layerIndex:r})=>[0,-r*100]},highlightedObjectIndex:null,autoHighlight:!1,highlightColor:{type:"accessor",value:[0,0,128,128]}},Gf=class extends kp{constructor(){super(...arguments),this.internalState=null,this.lifecycle=go.NO_STATE,this.parent=null}static get componentName(){return Object.prototype.hasOwnProperty.call(this,"layerName")?this.layerName:""}get root(){let e=this;for(;e.parent;)e=e.parent;return e}toString(){return`${this.constructor.layerName||this.constructor.name}({id: '${this.props.id}'})`}project(e){Oe(this.internalState);let t=this.internalState.viewport||this.context.viewport,n=yh(e,{viewport:t,modelMatrix:this.props.modelMatrix,coordinateOrigin:this.props.coordinateOrigin,coordinateSystem:this.props.coordinateSystem}),[i,o,s]=mo(n,t.pixelProjectionMatrix);return e.length===2?[i,o]:[i,o,s]}unproject(e){return Oe(this.internalState),(this.internalState.viewport||this.context.viewport).unproject(e)}projectPosition(e,t){Oe(this.internalState);let n=this.internalState.viewport||this.context.viewport;return t3(e,{viewport:n,modelMatrix:this.props.modelMatrix,coordinateOrigin:this.props.coordinateOrigin,coordinateSystem:this.props.coordinateSystem,...t})}get isComposite(){return!1}get isDrawable(){return!0}setState(e){this.setChangeFlags({stateChanged:!0}),Object.assign(this.state,e),this.setNeedsRedraw()}setNeedsRedraw(){this.internalState&&(this.internalState.needsRedraw=!0)}setNeedsUpdate(){this.internalState&&(this.context.layerManager.setNeedsUpdate(String(this)),this.internalState.needsUpdate=!0)}get isLoaded(){return this.internalState?!this.internalState.isAsyncPropLoading():!1}get wrapLongitude(){return this.props.wrapLongitude}isPickable(){return this.props.pickable&&this.props.visible}getModels(){let e=this.state;return e&&(e.models||e.model&&[e.model])||[]}setShaderModuleProps(...e){for(let t of this.getModels())t.shaderInputs.setProps(...e)}getAttributeManager(){return this.internalState&&this.internalState.attributeManager}getCurrentLayer(){return this.internalState&&this.internalState.layer}getLoadOptions(){return this.props.loadOptions}use64bitPositions(){let{coordinateSystem:e}=this.props;return e==="default"||e==="lnglat"||e==="cartesian"}onHover(e,t){return this.props.onHover&&this.props.onHover(e,t)||!1}onClick(e,t){return this.props.onClick&&this.props.onClick(e,t)||!1}nullPickingColor(){return[0,0,0]}encodePickingColor(e,t=[]){return t[0]=e+1&255,t[1]=e+1>>8&255,t[2]=e+1>>8>>8&255,t}decodePickingColor(e){Oe(e instanceof Uint8Array);let[t,n,i]=e;return t+n*256+i*65536-1}getNumInstances(){return Number.isFinite(this.props.numInstances)?this.props.numInstances:this.state&&this.state.numInstances!==void 0?this.state.numInstances:mC(this.props.data)}getStartIndices(){return this.props.startIndices?this.props.startIndices:this.state&&this.state.startIndices?this.state.startIndices:null}getBounds(){return this.getAttributeManager()?.getBounds(["positions","instancePositions"])}getShaders(e){e=Rx(e,{disableWarnings:!0,modules:this.context.defaultShaderModules});for(let t of this.props.extensions)e=Rx(e,t.getShaders.call(this,t));return e}shouldUpdateState(e){return e.changeFlags.propsOrDataChanged}updateState(e){let t=this.getAttributeManager(),{dataChanged:n}=e.changeFlags;if(n&&t)if(Array.isArray(n))for(let i of n)t.invalidateAll(i);else t.invalidateAll();if(t){let{props:i}=e,o=this.internalState.hasPickingBuffer,s=Number.isInteger(i.highlightedObjectIndex)||!!i.pickable||i.extensions.some(a=>a.getNeedsPickingBuffer.call(this,a));if(o!==s){this.internalState.hasPickingBuffer=s;let a=wC(t.attributes);a&&(s&&a.constant&&(a.constant=!1,t.invalidate(a.id)),!a.value&&!s&&(a.constant=!0,a.value=Dx(t.attributes)?[Gl]:[0,0,0]))}}}finalizeState(e){for(let n of this.getModels())n.destroy();let t=this.getAttributeManager();t&&t.finalize(),this.context&&this.context.resourceManager.unsubscribe({consumerId:this.id}),this.internalState&&(this.internalState.uniformTransitions.clear(),this.internalState.finalize())}draw(e){for(let t of this.getModels())t.draw(e.renderPass)}getPickingInfo({info:e,mode:t,sourceLayer:n}){let{index:i}=e;return i>=0&&Array.isArray(this.props.data)&&(e.object=this.props.data[i]),e}raiseError(e,t){t&&(e=new Error(`${t}: ${e.message}`,{cause:e})),this.props.onError?.(e)||this.context?.onError?.(e,this)}getNeedsRedraw(e={clearRedrawFlags:!1}){return this._getNeedsRedraw(e)}needsUpdate(){return this.internalState?this.internalState.needsUpdate||this.hasUniformTransition()||this.shouldUpdateState(this._getUpdateParams()):!1}hasUniformTransition(){return this.internalState?.uniformTransitions.active||!1}activateViewport(e){if(!this.internalState)return;let t=this.internalState.viewport;this.internalState.viewport=e,(!t||!XW({oldViewport:t,viewport:e}))&&(this.setChangeFlags({viewportChanged:!0}),this.isComposite?this.needsUpdate()&&this.setNeedsUpdate():this._update())}invalidateAttribute(e="all"){let t=this.getAttributeManager();t&&(e==="all"?t.invalidateAll():t.invalidate(e))}updateAttributes(e){let t=!1;for(let n in e)e[n].layoutChanged()&&(t=!0);for(let n of this.getModels())this._setModelAttributes(n,e,t)}_updateAttributes(){let e=this.getAttributeManager();if(!e)return;let t=this.props,n=this.getNumInstances(),i=this.getStartIndices();e.update({data:t.data,numInstances:n,startIndices:i,props:t,transitions:t.transitions,buffers:t.data.attributes,context:this});let o=e.getChangedAttributes({clearChangedFlags:!0});this.updateAttributes(o)}_updateAttributeTransition(){let e=this.getAttributeManager();e&&e.updateTransition()}_updateUniformTransition(){let{uniformTransitions:e}=this.internalState;if(e.active){let t=e.update(),n=Object.create(this.props);for(let i in t)Object.defineProperty(n,i,{value:t[i]});return n}return this.props}calculateInstancePickingColors(e,{numInstances:t}){if(e.constant)return;let n=Math.floor(vn.length/4);this.internalState.usesPickingColorCache=!0;let i=t>0&&vn[0]===0;if(n<t||i){t>vC&&pe.warn("Layer has too many data objects. Picking might not be able to distinguish all objects.")(),vn=On.allocate(vn,t,{size:4,copy:!0,maxCount:Math.max(t,vC)});let o=Math.floor(vn.length/4),s=[0,0,0],a=i?0:n;for(let c=a;c<o;c++)this.encodePickingColor(c,s),vn[c*4+0]=s[0],vn[c*4+1]=s[1],vn[c*4+2]=s[2],vn[c*4+3]=0}e.value=vn.subarray(0,t*4)}_setModelAttributes(e,t,n=!1){if(!Object.keys(t).length)return;let i=this.getAttributeManager();if(i?.hasBufferGroups()){this._setGroupedModelAttributes(e,i,t);return}if(n){let c=this.getAttributeManager();e.setBufferLayout(c.getBufferLayouts(e)),t=c.getAttributes()}let o=e.userData?.excludeAttributes||{},s={},a={};for(let c in t){if(o[c])continue;let l=t[c].getValue();for(let f in l){let u=l[f];u instanceof de?t[c].settings.isIndexed?e.setIndexBuffer(u):s[f]=u:u&&(a[f]=u)}}e.setAttributes(s),e.setConstantAttributes(a)}_setGroupedModelAttributes(e,t,n){let i=e.userData?.excludeAttributes||{},o=t.getBufferGroupBindings(n,e,i);e.setBufferLayout(o.bufferLayouts);let s={...o.buffers},a={},c=t.getAttributes();for(let l in c){if(i[l]||o.groupedAttributeIds.has(l))continue;let f=c[l],u=f.getValue();for(let d in u){let h=u[d];h instanceof de?f.settings.isIndexed?e.setIndexBuffer(h):s[d]=h:h&&(a[d]=h)}}e.setAttributes(s),e.setConstantAttributes(a)}disablePickingIndex(e){let t=this.props.data;if(!("attributes"in t)){this._disablePickingIndex(e);return}let n=this.getAttributeManager().attributes,i=Dx(n),o=Nx(n),s=i&&t.attributes&&t.attributes[i.id];if(s&&s.value){let c=s.value;for(let l=0;l<t.length;l++){let f=i.getVertexOffset(l);c[f]===e&&this._disablePickingIndex(l)}return}let a=o&&t.attributes&&t.attributes[o.id];if(a&&a.value){let c=a.value,l=this.encodePickingColor(e);for(let f=0;f<t.length;f++){let u=o.getVertexOffset(f);c[u]===l[0]&&c[u+1]===l[1]&&c[u+2]===l[2]&&this._disablePickingIndex(f)}}else this._disablePickingIndex(e)}_disablePickingIndex(e){let t=this.getAttributeManager().attributes,n=Dx(t);if(n){let a=n.getVertexOffset(e),c=n.getVertexOffset(e+1),l=new Uint32Array(c-a);l.fill(Gl),n.buffer.write(l,a*l.BYTES_PER_ELEMENT);return}let i=Nx(t);if(!i){this.internalState&&WS(this.internalState.disabledPickingIndices,e);return}let o=i.getVertexOffset(e),s=i.getVertexOffset(e+1);i.buffer.write(new Uint8Array(s-o),o)}restorePickingColors(){let e=this.getAttributeManager().attributes,t=wC(e);if(!t){this.internalState&&(this.internalState.disabledPickingIndices.length=0);return}let n=Nx(e);this.internalState.usesPickingColorCache&&n&&n.value.buffer!==vn.buffer&&(n.value=vn.subarray(0,n.value.length)),t.updateSubBuffer({startOffset:0})}_initialize(){Oe(!this.internalState),mt(jW,this);let e=this._getAttributeManager();this.internalState=new zf({attributeManager:e,layer:this}),this._clearChangeFlags(),this.state={},Object.defineProperty(this.state,"attributeManager",{get:()=>(pe.deprecated("layer.state.attributeManager","layer.getAttributeManager()")(),e)}),this.internalState.uniformTransitions=new Df(this.context.timeline),this.internalState.onAsyncPropUpdated=this._onAsyncPropUpdated.bind(this),this.internalState.setAsyncProps(this.props),this.initializeState(this.context);for(let t of this.props.extensions)t.initializeState.call(this,this.context,t);this.setChangeFlags({dataChanged:"init",propsChanged:"init",viewportChanged:!0,extensionsChanged:!0}),this._update()}_transferState(e){mt(qW,this,this===e);let{state:t,internalState:n}=e;this!==e&&(this.internalState=n,this.state=t,this.internalState.setAsyncProps(this.props),this._diffProps(this.props,this.internalState.getOldProps()))}_update(){let e=this.needsUpdate();if(mt(HW,this,e),!e)return;this.context.stats.get("Layer updates").incrementCount();let t=this.props,n=this.context,i=this.internalState,o=n.viewport,s=this._updateUniformTransition();i.propsInTransition=s,n.viewport=i.viewport||o,this.props=s;try{let a=this._getUpdateParams(),c=this.getModels();if(n.device)this.updateState(a);else try{this.updateState(a)}catch{}for(let f of this.props.extensions)f.updateState.call(this,a,f);this.setNeedsRedraw(),this._updateAttributes();let l=this.getModels()[0]!==c[0];this._postUpdate(a,l)}finally{n.viewport=o,this.props=t,this._clearChangeFlags(),i.needsUpdate=!1,i.resetOldProps()}}_finalize(){mt(YW,this),this.finalizeState(this.context);for(let e of this.props.extensions)e.finalizeState.call(this,this.context,e)}_drawLayer({renderPass:e,shaderModuleProps:t=null,uniforms:n={},parameters:i={}}){this._updateAttributeTransition();let o=this.props,s=this.context;this.props=this.internalState.propsInTransition||o;try{t&&this.setShaderModuleProps(t);let{getPolygonOffset:a}=this.props,c=a&&a(n)||[0,0];s.device instanceof bo&&s.device.setParametersWebGL({polygonOffset:c});let l=s.device instanceof bo?null:QW(i);if(JW(this.getModels(),e,i,l),s.device instanceof bo)s.device.withParametersWebGL(i,()=>{let f={renderPass:e,shaderModuleProps:t,uniforms:n,parameters:i,context:s};for(let u of this.props.extensions)u.draw.call(this,f,u);this.draw(f)});else{l?.renderPassParameters&&e.setParameters(l.renderPassParameters);let f={renderPass:e,shaderModuleProps:t,uniforms:n,parameters:i,context:s};for(let u of this.props.extensions)u.draw.call(this,f,u);this.draw(f)}}finally{this.props=o}}getChangeFlags(){return this.internalState?.changeFlags}setChangeFlags(e){if(!this.internalState)return;let{changeFlags:t}=this.internalState;for(let i in e)if(e[i]){let o=!1;switch(i){case"dataChanged":let s=e[i],a=t[i];s&&Array.isArray(a)&&(t.dataChanged=Array.isArray(s)?a.concat(s):s,o=!0);default:t[i]||(t[i]=e[i],o=!0)}o&&mt(WW,this,i,e)}let n=!!(t.dataChanged||t.updateTriggersChanged||t.propsChanged||t.extensionsChanged);t.propsOrDataChanged=n,t.somethingChanged=n||t.viewportChanged||t.stateChanged}_clearChangeFlags(){this.internalState.changeFlags={dataChanged:!1,propsChanged:!1,updateTriggersChanged:!1,viewportChanged:!1,stateChanged:!1,extensionsChanged:!1,propsOrDataChanged:!1,somethingChanged:!1}}_diffProps(e,t){let n=hC(e,t);if(n.updateTriggersChanged)for(let i in n.updateTriggersChanged)n.updateTriggersChanged[i]&&this.invalidateAttribute(i);if(n.transitionsChanged)for(let i in n.transitionsChanged)this.internalState.uniformTransitions.add(i,t[i],e[i],e.transitions?.[i]);return this.setChangeFlags(n)}validateProps(){dC(this.props)}updateAutoHighlight(e){this.props.autoHighlight&&!Number.isInteger(this.props.highlightedObjectIndex)&&this._updateAutoHighlight(e)}_updateAutoHighlight(e){let t={highlightedObjectColor:e.picked?e.color:null},{highlightColor:n}=this.props;e.picked&&typeof n=="function"&&(t.highlightColor=n(e)),this.setShaderModuleProps({picking:t}),this.setNeedsRedraw()}_getAttributeManager(){let e=this.context;return new Of(e.device,{id:this.props.id,stats:e.stats,timeline:e.timeline})}_postUpdate(e,t){let{props:n,oldProps:i}=e,o=this.state.model;o?.isInstanced&&o.setInstanceCount(this.getNumInstances());let{autoHighlight:s,highlightedObjectIndex:a,highlightColor:c}=n;if(t||i.autoHighlight!==s||i.highlightedObjectIndex!==a||i.highlightColor!==c){let l={};Array.isArray(c)&&(l.highlightColor=c),(t||i.autoHighlight!==s||a!==i.highlightedObjectIndex)&&(l.highlightedObjectColor=Number.isFinite(a)&&a>=0?this.encodePickingColor(a):null),this.setShaderModuleProps({picking:l})}}_getUpdateParams(){return{props:this.props,oldProps:this.internalState.getOldProps(),context:this.context,changeFlags:this.internalState.changeFlags}}_getNeedsRedraw(e){if(!this.internalState)return!1;let t=!1;t=t||this.internalState.needsRedraw&&this.id;let n=this.getAttributeManager(),i=n?n.getNeedsRedraw(e):!1;if(t=t||i,t)for(let o of this.props.extensions)o.onNeedsRedraw.call(this,o);return this.internalState.needsRedraw=this.internalState.needsRedraw&&!e.clearRedrawFlags,t}_onAsyncPropUpdated(){this._diffProps(this.props,this.internalState.getOldProps()),this.setNeedsUpdate()}};Gf.defaultProps=KW;Gf.layerName="Layer";var Gn=Gf;function QW(r){let{blendConstant:e,...t}=r;return e?{pipelineParameters:t,renderPassParameters:{blendConstant:e}}:{pipelineParameters:t}}function JW(r,e,t,n){for(let i of r)i.device.type==="webgpu"?(ej(i,e),i.setParameters({...i.parameters,...n?.pipelineParameters})):i.setParameters(t)}function ej(r,e){let t=e.props.framebuffer||(e.framebuffer??null);if(!t)return;let n=t.colorAttachments.map(s=>s?.texture?.format??null),i=t.depthStencilAttachment?.texture?.format,o=r;(!tj(o.props.colorAttachmentFormats,n)||o.props.depthStencilAttachmentFormat!==i)&&(o.props.colorAttachmentFormats=n,o.props.depthStencilAttachmentFormat=i,o._setPipelineNeedsUpdate("attachment formats"))}function tj(r,e){if(r===e)return!0;if(!r||!e||r.length!==e.length)return!1;for(let t=0;t<r.length;t++)if(r[t]!==e[t])return!1;return!0}var rj="compositeLayer.renderLayers",Dp=class extends Gn{get isComposite(){return!0}get isDrawable(){return!1}get isLoaded(){return super.isLoaded&&this.getSubLayers().every(e=>e.isLoaded)}getSubLayers(){return this.internalState&&this.internalState.subLayers||[]}initializeState(e){}setState(e){super.setState(e),this.setNeedsUpdate()}getPickingInfo({info:e}){let{object:t}=e;return t&&t.__source&&t.__source.parent&&t.__source.parent.id===this.id&&(e.object=t.__source.object,e.index=t.__source.index),e}filterSubLayer(e){return!0}shouldRenderSubLayer(e,t){return t&&t.length}getSubLayerClass(e,t){let{_subLayerProps:n}=this.props;return n&&n[e]&&n[e].type||t}getSubLayerRow(e,t,n){return e.__source={parent:this,object:t,index:n},e}getSubLayerAccessor(e){if(typeof e=="function"){let t={index:-1,data:this.props.data,target:[]};return(n,i)=>n&&n.__source?(t.index=n.__source.index,e(n.__source.object,t)):e(n,i)}return e}getSubLayerProps(e={}){let{opacity:t,pickable:n,visible:i,parameters:o,getPolygonOffset:s,highlightedObjectIndex:a,autoHighlight:c,highlightColor:l,coordinateSystem:f,coordinateOrigin:u,wrapLongitude:d,positionFormat:h,modelMatrix:p,extensions:g,fetch:y,operation:w,_subLayerProps:x}=this.props,b={id:"",updateTriggers:{},opacity:t,pickable:n,visible:i,parameters:o,getPolygonOffset:s,highlightedObjectIndex:a,autoHighlight:c,highlightColor:l,coordinateSystem:f,coordinateOrigin:u,wrapLongitude:d,positionFormat:h,modelMatrix:p,extensions:g,fetch:y,operation:w},v=x&&e.id&&x[e.id],T=v&&v.updateTriggers,L=e.id||"sublayer";if(v){let D=this.props[_n],B=e.type?e.type._propTypes:{};for(let F in v){let M=B[F]||D[F];M&&M.type==="accessor"&&(v[F]=this.getSubLayerAccessor(v[F]))}}Object.assign(b,e,v),b.id=`${this.props.id}-${L}`,b.updateTriggers={all:this.props.updateTriggers?.all,...e.updateTriggers,...T};for(let D of g){let B=D.getSubLayerProps.call(this,D);B&&Object.assign(b,B,{updateTriggers:Object.assign(b.updateTriggers,B.updateTriggers)})}return b}_updateAutoHighlight(e){for(let t of this.getSubLayers())t.updateAutoHighlight(e)}_getAttributeManager(){return null}_postUpdate(e,t){let n=this.internalState.subLayers,i=!n||this.needsUpdate();if(i){let o=this.renderLayers();n=qa(o,Boolean),this.internalState.subLayers=n}mt(rj,this,i,n);for(let o of n)o.parent=this}};Dp.layerName="CompositeLayer";var Fx=Dp;Ft();var nj=new Ct().lookAt({eye:[0,0,1]});function ij({width:r,height:e,near:t,far:n,padding:i}){let o=-r/2,s=r/2,a=-e/2,c=e/2;if(i){let{left:l=0,right:f=0,top:u=0,bottom:d=0}=i,h=lt((l+r-f)/2,0,r)-r/2,p=lt((u+e-d)/2,0,e)-e/2;o-=h,s-=h,a+=p,c+=p}return new Ct().ortho({left:o,right:s,bottom:a,top:c,near:t,far:n})}var Np=class extends Ga{constructor(e){let{width:t,height:n,near:i=.1,far:o=1e3,zoom:s=0,target:a=[0,0,0],padding:c=null,flipY:l=!0}=e,f=e.zoomX??(Array.isArray(s)?s[0]:s),u=e.zoomY??(Array.isArray(s)?s[1]:s),d=Number.isFinite(e.zoom)?e.zoom:Math.min(f,u),h=Math.pow(2,d),p;if(f!==d||u!==d){let g=Math.pow(2,f),y=Math.pow(2,u);p={unitsPerMeter:[g/h,y/h,1],metersPerUnit:[h/g,h/y,1]}}super({...e,longitude:void 0,position:a,viewMatrix:nj.clone().scale([h,h*(l?-1:1),h]),projectionMatrix:ij({width:t||1,height:n||1,padding:c,near:i,far:o}),zoom:d,distanceScales:p}),this.target=a,this.zoomX=f,this.zoomY=u,this.flipY=l}projectFlat([e,t]){let{unitsPerMeter:n}=this.distanceScales;return[e*n[0],t*n[1]]}unprojectFlat([e,t]){let{metersPerUnit:n}=this.distanceScales;return[e*n[0],t*n[1]]}panByPosition(e,t,n){let i=ui(t,this.pixelUnprojectionMatrix),o=this.projectFlat(e),s=Er.add([],o,Er.negate([],i)),a=Er.add([],this.center,s);return{target:this.unprojectFlat(a)}}};Np.displayName="OrthographicViewport";var EC=Np;Ft();var PC=1;function Ux({zoom:r=0,zoomX:e,zoomY:t}){return e=e??(Array.isArray(r)?r[0]:r),t=t??(Array.isArray(r)?r[1]:r),{zoomX:e,zoomY:t}}function oj(r,e,t,n,i){let o=r[0][e]+t,s=r[1][e]-n,a=(o+s)/2;return{minimum:o,maximum:s,midpoint:a,settledTarget:Number.isFinite(t)&&Number.isFinite(n)&&o<=s?lt(i,o,s):a}}var zx=class extends Ls{constructor(e){let{width:t,height:n,target:i=[0,0,0],zoom:o=0,zoomAxis:s="all",minZoom:a=-1/0,maxZoom:c=1/0,minZoomX:l=a,maxZoomX:f=c,minZoomY:u=a,maxZoomY:d=c,maxBounds:h=null,maxBoundsPadding:p=null,rubberBand:g=!1,startPanPosition:y,startZoomPosition:w,startZoom:x}=e,{[bn]:b}=e,{zoomX:v,zoomY:T}=Ux(e);super({width:t,height:n,target:i,zoom:o,zoomX:v,zoomY:T,zoomAxis:s,minZoomX:l,maxZoomX:f,minZoomY:u,maxZoomY:d,maxBounds:h,maxBoundsPadding:p,rubberBand:g,[bn]:b},{startPanPosition:y,startZoomPosition:w,startZoom:x},e.makeViewport,e.constraintContext)}panStart({pos:e},t){return this._getUpdatedState({startPanPosition:this._unproject(e)},t)}pan({pos:e,startPosition:t},n){let i=this.getState().startPanPosition||t;if(!i)return this;let s=this.makeViewport(this.getViewportProps()).panByPosition(i,e);return this._getUpdatedState(s,n)}panEnd(e){return this._getUpdatedState({startPanPosition:null},e)}rotateStart(){return this}rotate(){return this}rotateEnd(){return this}shortestPathFrom(e){let t=e.getViewportProps();return{...this.getViewportProps()}}zoomStart({pos:e},t){let{zoomX:n,zoomY:i}=this.getViewportProps();return this._getUpdatedState({startZoomPosition:this._unproject(e),startZoom:[n,i]},t)}zoom({pos:e,startPos:t,scale:n},i){let{startZoom:o,startZoomPosition:s}=this.getState();if(!s){let{zoomX:c,zoomY:l}=this.getViewportProps();o=[c,l],s=this._unproject(t||e)}if(!s)return this;let a=this._calculateNewZoom({scale:n,startZoom:o});return this._getUpdatedState({...a,[bn]:{position:s,screenPosition:e}},i)}zoomEnd(e){return this._getUpdatedState({startZoomPosition:null,startZoom:null},e)}zoomIn(e=2,t){return this._getUpdatedState(this._calculateNewZoom({scale:e}),t)}zoomOut(e=2,t){return this._getUpdatedState(this._calculateNewZoom({scale:1/e}),t)}moveLeft(e=50,t){return this._panFromCenter([-e,0],t)}moveRight(e=50,t){return this._panFromCenter([e,0],t)}moveUp(e=50,t){return this._panFromCenter([0,-e],t)}moveDown(e=50,t){return this._panFromCenter([0,e],t)}rotateLeft(e=15){return this}rotateRight(e=15){return this}rotateUp(e=10){return this}rotateDown(e=10){return this}_project(e){return this.makeViewport(this.getViewportProps()).project(e)}_unproject(e){let t=this.makeViewport(this.getViewportProps()),[n,i]=t.unproject(e);return[n,i]}_calculateNewZoom({scale:e,startZoom:t}){let{zoomX:n,zoomY:i,zoomAxis:o}=this.getViewportProps();t===void 0&&(t=[n,i]);let s=Math.log2(e),[a,c]=t;switch(o){case"X":a+=s;break;case"Y":c+=s;break;default:a+=s,c+=s}return{zoomX:a,zoomY:c}}_panFromCenter(e,t){let{target:n}=this.getViewportProps(),i=this._project(n);return this.pan({startPosition:n,pos:[i[0]+e[0],i[1]+e[1]]},t)}_getUpdatedState(e,t){return new this.constructor({makeViewport:this.makeViewport,...this.getViewportProps(),...this.getState(),...e,constraintContext:t})}applyConstraints(e,t){let n=e,i=n[bn];delete n[bn];let o=Ux(e),s=this._constrainZoom(o,e),a=e.rubberBand&&t?.mode==="elastic",{zoomX:c,zoomY:l}=t?.mode==="preserve"?o:a?{zoomX:_o(o.zoomX,s.zoomX,PC),zoomY:_o(o.zoomY,s.zoomY,PC)}:s;if(e.zoomX=c,e.zoomY=l,i){let h=this.makeViewport({...e,zoomX:c,zoomY:l});Object.assign(e,h.panByPosition(i.position,i.screenPosition))}e.zoom=Array.isArray(e.zoom)||e.zoomX!==e.zoomY?[e.zoomX,e.zoomY]:e.zoomX;let{maxBounds:f,rubberBand:u,target:d}=e;if(f){let h=Za(e.width,e.height,e.maxBoundsPadding),p=this.makeViewport(e),g=wh(p,d,h),y=p.project(d),w=[0,1].map(T=>{let L=d.slice();L[T]+=1;let D=p.project(L)[T]-y[T];return Number.isFinite(D)?D:2**(T===0?c:l)*(T===0?1:-1)}),x=w.map((T,L)=>{let D=L===0?g.left:g.top,B=L===0?g.right:g.bottom,F=Math.abs(T);return T>=0?[D/F,B/F]:[B/F,D/F]}),b=d.slice(),v=[h.width,h.height];for(let[T,[L,D]]of x.entries()){if(v[T]<0)continue;let{minimum:B,maximum:F,midpoint:M,settledTarget:N}=oj(f,T,L,D,d[T]);if(t?.mode!=="preserve"&&u&&(!Number.isFinite(L)||!Number.isFinite(D))){b[T]=M;continue}let G=u?N:lt(d[T],B,F);b[T]=t?.mode==="preserve"?d[T]:a?_o(d[T],G,(T===0?h.width:h.height)/2/Math.abs(w[T])):G}(b[0]!==d[0]||b[1]!==d[1])&&(e.target=b)}return e}_constrainZoom({zoomX:e,zoomY:t},n){n||(n=this.getViewportProps());let{zoomAxis:i,maxZoomX:o,maxZoomY:s,maxBounds:a}=n,{minZoomX:c,minZoomY:l}=n;if(a!==null&&n.width>0&&n.height>0){let u=Za(n.width,n.height,n.maxBoundsPadding),d=a[0],h=a[1],p=h[0]-d[0],g=h[1]-d[1];u.width>0&&Number.isFinite(p)&&p>0&&(c=Math.max(c,Math.log2(u.width/p)),c>o&&(c=o)),u.height>0&&Number.isFinite(g)&&g>0&&(l=Math.max(l,Math.log2(u.height/g)),l>s&&(l=s))}switch(i){case"X":e=lt(e,c,o);break;case"Y":t=lt(t,l,s);break;default:let u=Math.min(o-e,s-t,0);u===0&&(u=Math.max(c-e,l-t,0)),u!==0&&(e+=u,t+=u)}return{zoomX:e,zoomY:t}}},$f=class extends Ts{constructor(){super(...arguments),this.ControllerState=zx,this.transition={transitionDuration:300,transitionInterpolator:new Fi(["target","zoomX","zoomY"])},this.dragMode="pan"}setProps(e){Object.assign(e,Ux(e)),super.setProps(e)}_onMultiPanStart(e){return this.multiTouchDrag==="pan"&&super._onMultiPanStart(e)}_onPanRotate(){return!1}};var Fp=class extends Es{constructor(e={}){super(e)}getViewportType(){return EC}get ControllerType(){return $f}};Fp.displayName="OrthographicView";var Gx=Fp;se();var Po=class{constructor(e){this.indexStarts=[0],this.vertexStarts=[0],this.vertexCount=0,this.instanceCount=0;let{attributes:t={}}=e;this.typedArrayManager=On,this.attributes={},this._attributeDefs=t,this.opts=e,this.updateGeometry(e)}updateGeometry(e){Object.assign(this.opts,e);let{data:t,buffers:n={},getGeometry:i,geometryBuffer:o,positionFormat:s,dataChanged:a,normalize:c=!0}=this.opts;if(this.data=t,this.getGeometry=i,this.positionSize=o&&o.size||(s==="XY"?2:3),this.buffers=n,this.normalize=c,o&&(Oe(t.startIndices),this.getGeometry=this.getGeometryFromBuffer(o),c||(n.vertexPositions=o)),this.geometryBuffer=n.vertexPositions,Array.isArray(a))for(let l of a)this._rebuildGeometry(l);else this._rebuildGeometry()}updatePartialGeometry({startRow:e,endRow:t}){this._rebuildGeometry({startRow:e,endRow:t})}getGeometryFromBuffer(e){let t=e.value||e;return ArrayBuffer.isView(t)?lp(t,{size:this.positionSize,offset:e.offset,stride:e.stride,startIndices:this.data.startIndices}):null}_allocate(e,t){let{attributes:n,buffers:i,_attributeDefs:o,typedArrayManager:s}=this;for(let a in o)if(a in i)s.release(n[a]),n[a]=null;else{let c=o[a];c.copy=t,n[a]=s.allocate(n[a],e,c)}}_forEachGeometry(e,t,n){let{data:i,getGeometry:o}=this,{iterable:s,objectInfo:a}=Ms(i,t,n);for(let c of s){a.index++;let l=o?o(c,a):null;e(l,a.index)}}_rebuildGeometry(e){if(!this.data)return;let{indexStarts:t,vertexStarts:n,instanceCount:i}=this,{data:o,geometryBuffer:s}=this,{startRow:a=0,endRow:c=1/0}=e||{},l={};if(e||(t=[0],n=[0]),this.normalize||!s)this._forEachGeometry((u,d)=>{let h=u&&this.normalizeGeometry(u);l[d]=h,n[d+1]=n[d]+(h?this.getGeometrySize(h):0)},a,c),i=n[n.length-1];else if(n=o.startIndices,i=n[o.length]||0,ArrayBuffer.isView(s))i=i||s.length/this.positionSize;else if(s instanceof de){let u=this.positionSize*4;i=i||s.byteLength/u}else if(s.buffer){let u=s.stride||this.positionSize*4;i=i||s.buffer.byteLength/u}else if(s.value){let u=s.value,d=s.stride/u.BYTES_PER_ELEMENT||this.positionSize;i=i||u.length/d}this._allocate(i,!!e),this.indexStarts=t,this.vertexStarts=n,this.instanceCount=i;let f={};this._forEachGeometry((u,d)=>{let h=l[d]||u;f.vertexStart=n[d],f.indexStart=t[d];let p=d<n.length-1?n[d+1]:i;f.geometrySize=p-n[d],f.geometryIndex=d,this.updateGeometryAttributes(h,f)},a,c),this.vertexCount=t[t.length-1]}};ut();Ft();var sj=new Uint32Array([0,2,1,0,3,2]),aj=new Float32Array([0,1,0,0,1,0,1,1]);function $x(r,e){if(!e)return cj(r);let t=Math.max(Math.abs(r[0][0]-r[3][0]),Math.abs(r[1][0]-r[2][0])),n=Math.max(Math.abs(r[1][1]-r[0][1]),Math.abs(r[2][1]-r[3][1])),i=Math.ceil(t/e)+1,o=Math.ceil(n/e)+1,s=(i-1)*(o-1)*6,a=new Uint32Array(s),c=new Float32Array(i*o*2),l=new Float64Array(i*o*3),f=0,u=0;for(let d=0;d<i;d++){let h=d/(i-1);for(let p=0;p<o;p++){let g=p/(o-1),y=lj(r,h,g);l[f*3+0]=y[0],l[f*3+1]=y[1],l[f*3+2]=y[2]||0,c[f*2+0]=h,c[f*2+1]=1-g,d>0&&p>0&&(a[u++]=f-o,a[u++]=f-o-1,a[u++]=f-1,a[u++]=f-o,a[u++]=f-1,a[u++]=f),f++}}return{vertexCount:s,positions:l,indices:a,texCoords:c}}function cj(r){let e=new Float64Array(12);for(let t=0;t<r.length;t++)e[t*3+0]=r[t][0],e[t*3+1]=r[t][1],e[t*3+2]=r[t][2]||0;return{vertexCount:6,positions:e,indices:sj,texCoords:aj}}function lj(r,e,t){return An(An(r[0],r[1],t),An(r[3],r[2],t),e)}var fj=`
struct BitmapUniforms {
  bounds: vec4<f32>,
  coordinateConversion: f32,
  desaturate: f32,
  tintColor: vec3<f32>,
  transparentColor: vec4<f32>,
};

@group(0) @binding(auto) var<uniform> bitmap: BitmapUniforms;
@group(0) @binding(auto) var bitmapTexture: texture_2d<f32>;
@group(0) @binding(auto) var bitmapTextureSampler: sampler;
`,SC=`layout(std140) uniform bitmapUniforms {
  vec4 bounds;
  float coordinateConversion;
  float desaturate;
  vec3 tintColor;
  vec4 transparentColor;
} bitmap;
`,TC={name:"bitmap",source:fj,vs:SC,fs:SC,uniformTypes:{bounds:"vec4<f32>",coordinateConversion:"f32",desaturate:"f32",tintColor:"vec3<f32>",transparentColor:"vec4<f32>"}};var LC=`struct Attributes {
  @location(0) positions: vec3<f32>,
  @location(1) positions64Low: vec3<f32>,
  @location(2) texCoords: vec2<f32>,
};

struct Varyings {
  @builtin(position) position: vec4<f32>,
  @location(0) vTexCoord: vec2<f32>,
  @location(1) vTexPos: vec2<f32>,
  @location(2) pickingColor: vec3<f32>,
  @location(3) pickingDepth: f32,
};

// from degrees to Web Mercator
fn lnglat_to_mercator(lnglat: vec2<f32>) -> vec2<f32> {
  let x = lnglat.x;
  let y = clamp(lnglat.y, -89.9, 89.9);
  return vec2<f32>(
    radians(x) + PI,
    PI + log(tan(PI * 0.25 + radians(y) * 0.5))
  ) * WORLD_SCALE;
}

// from Web Mercator to degrees
fn mercator_to_lnglat(xy: vec2<f32>) -> vec2<f32> {
  let position = xy / WORLD_SCALE;
  return degrees(vec2<f32>(
    position.x - PI,
    atan(exp(position.y - PI)) * 2.0 - PI * 0.5
  ));
}

fn color_desaturate(colorValue: vec3<f32>) -> vec3<f32> {
  let luminance = (colorValue.r + colorValue.g + colorValue.b) * 0.333333333;
  return mix(colorValue, vec3<f32>(luminance), bitmap.desaturate);
}

fn color_tint(colorValue: vec3<f32>) -> vec3<f32> {
  return colorValue * bitmap.tintColor;
}

fn apply_opacity(colorValue: vec3<f32>, alpha: f32) -> vec4<f32> {
  if (bitmap.transparentColor.a == 0.0) {
    return vec4<f32>(colorValue, alpha);
  }
  let blendedAlpha = alpha + bitmap.transparentColor.a * (1.0 - alpha);
  let highLightRatio = alpha / blendedAlpha;
  let blendedRGB = mix(bitmap.transparentColor.rgb, colorValue, highLightRatio);
  return vec4<f32>(blendedRGB, blendedAlpha);
}

fn getUV(position: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(
    (position.x - bitmap.bounds[0]) / (bitmap.bounds[2] - bitmap.bounds[0]),
    (position.y - bitmap.bounds[3]) / (bitmap.bounds[1] - bitmap.bounds[3])
  );
}

// Pack the top 12 bits of two normalized floats into three 8-bit values.
fn packUVsIntoRGB(uv: vec2<f32>) -> vec3<f32> {
  let uv8bit = floor(uv * 256.0);
  let uvFraction = fract(uv * 256.0);
  let uvFraction4bit = floor(uvFraction * 16.0);
  let fractions = uvFraction4bit.x + uvFraction4bit.y * 16.0;
  return vec3<f32>(uv8bit, fractions) / 255.0;
}

@vertex
fn vertexMain(attributes: Attributes) -> Varyings {
  var output: Varyings;
  geometry.worldPosition = attributes.positions;
  geometry.uv = attributes.texCoords;
  geometry.pickingColor = picking_getPickingColorFromIndex(0u);

  let projectedPosition = project_position_to_clipspace_and_commonspace(
    attributes.positions,
    attributes.positions64Low,
    vec3<f32>(0.0)
  );
  geometry.position = projectedPosition.commonPosition;
  output.position = projectedPosition.clipPosition;
  output.vTexCoord = attributes.texCoords;
  output.vTexPos = vec2<f32>(0.0);
  output.pickingColor = geometry.pickingColor;
  output.pickingDepth = output.position.z / output.position.w;

  if (bitmap.coordinateConversion < -0.5) {
    output.vTexPos = geometry.position.xy + project.commonOrigin.xy;
  } else if (bitmap.coordinateConversion > 0.5) {
    output.vTexPos = geometry.worldPosition.xy;
  }

  return output;
}

@fragment
fn fragmentMain(input: Varyings) -> @location(0) vec4<f32> {
  var uv = input.vTexCoord;
  if (bitmap.coordinateConversion < -0.5) {
    uv = getUV(mercator_to_lnglat(input.vTexPos));
  } else if (bitmap.coordinateConversion > 0.5) {
    uv = getUV(lnglat_to_mercator(input.vTexPos));
  }

  let bitmapColor = textureSample(bitmapTexture, bitmapTextureSampler, uv);
  var fragColor = apply_opacity(
    color_tint(color_desaturate(bitmapColor.rgb)),
    bitmapColor.a * layer.opacity
  );

  geometry.uv = uv;

  if (picking.isActive > 0.5) {
    if (picking.isAttribute > 0.5) {
      return vec4<f32>(input.pickingDepth, 0.0, 0.0, 1.0);
    }
    return vec4<f32>(packUVsIntoRGB(uv), 1.0);
  }

  if (picking.isHighlightActive > 0.5) {
    let highlightedObjectColor = picking_normalizeColor(picking.highlightedObjectColor);
    if (picking_isColorZero(abs(input.pickingColor - highlightedObjectColor))) {
      let highLightAlpha = picking.highlightColor.a;
      let blendedAlpha = highLightAlpha + fragColor.a * (1.0 - highLightAlpha);
      if (blendedAlpha > 0.0) {
        let highLightRatio = highLightAlpha / blendedAlpha;
        fragColor = vec4<f32>(
          mix(fragColor.rgb, picking.highlightColor.rgb, highLightRatio),
          blendedAlpha
        );
      } else {
        fragColor = vec4<f32>(fragColor.rgb, 0.0);
      }
    }
  }

  return deckgl_premultiplied_alpha(fragColor);
}
`;var AC=`#version 300 es
#define SHADER_NAME bitmap-layer-vertex-shader

in vec2 texCoords;
in vec3 positions;
in vec3 positions64Low;

out vec2 vTexCoord;
out vec2 vTexPos;

const vec3 pickingColor = vec3(1.0, 0.0, 0.0);

void main(void) {
  geometry.worldPosition = positions;
  geometry.uv = texCoords;
  geometry.pickingColor = pickingColor;

  gl_Position = project_position_to_clipspace(positions, positions64Low, vec3(0.0), geometry.position);
  DECKGL_FILTER_GL_POSITION(gl_Position, geometry);

  vTexCoord = texCoords;

  if (bitmap.coordinateConversion < -0.5) {
    vTexPos = geometry.position.xy + project.commonOrigin.xy;
  } else if (bitmap.coordinateConversion > 0.5) {
    vTexPos = geometry.worldPosition.xy;
  }

  vec4 color = vec4(0.0);
  DECKGL_FILTER_COLOR(color, geometry);
}
`;var uj=`
vec3 packUVsIntoRGB(vec2 uv) {
  // Extract the top 8 bits. We want values to be truncated down so we can add a fraction
  vec2 uv8bit = floor(uv * 256.);

  // Calculate the normalized remainders of u and v parts that do not fit into 8 bits
  // Scale and clamp to 0-1 range
  vec2 uvFraction = fract(uv * 256.);
  vec2 uvFraction4bit = floor(uvFraction * 16.);

  // Remainder can be encoded in blue channel, encode as 4 bits for pixel coordinates
  float fractions = uvFraction4bit.x + uvFraction4bit.y * 16.;

  return vec3(uv8bit, fractions) / 255.;
}
`,CC=`#version 300 es
#define SHADER_NAME bitmap-layer-fragment-shader

#ifdef GL_ES
precision highp float;
#endif

uniform sampler2D bitmapTexture;

in vec2 vTexCoord;
in vec2 vTexPos;

out vec4 fragColor;

/* projection utils */
const float TILE_SIZE = 512.0;
const float PI = 3.1415926536;
const float WORLD_SCALE = TILE_SIZE / PI / 2.0;

// from degrees to Web Mercator
vec2 lnglat_to_mercator(vec2 lnglat) {
  float x = lnglat.x;
  float y = clamp(lnglat.y, -89.9, 89.9);
  return vec2(
    radians(x) + PI,
    PI + log(tan(PI * 0.25 + radians(y) * 0.5))
  ) * WORLD_SCALE;
}

// from Web Mercator to degrees
vec2 mercator_to_lnglat(vec2 xy) {
  xy /= WORLD_SCALE;
  return degrees(vec2(
    xy.x - PI,
    atan(exp(xy.y - PI)) * 2.0 - PI * 0.5
  ));
}
/* End projection utils */

// apply desaturation
vec3 color_desaturate(vec3 color) {
  float luminance = (color.r + color.g + color.b) * 0.333333333;
  return mix(color, vec3(luminance), bitmap.desaturate);
}

// apply tint
vec3 color_tint(vec3 color) {
  return color * bitmap.tintColor;
}

// blend with background color
vec4 apply_opacity(vec3 color, float alpha) {
  if (bitmap.transparentColor.a == 0.0) {
    return vec4(color, alpha);
  }
  float blendedAlpha = alpha + bitmap.transparentColor.a * (1.0 - alpha);
  float highLightRatio = alpha / blendedAlpha;
  vec3 blendedRGB = mix(bitmap.transparentColor.rgb, color, highLightRatio);
  return vec4(blendedRGB, blendedAlpha);
}

vec2 getUV(vec2 pos) {
  return vec2(
    (pos.x - bitmap.bounds[0]) / (bitmap.bounds[2] - bitmap.bounds[0]),
    (pos.y - bitmap.bounds[3]) / (bitmap.bounds[1] - bitmap.bounds[3])
  );
}

${uj}

void main(void) {
  vec2 uv = vTexCoord;
  if (bitmap.coordinateConversion < -0.5) {
    vec2 lnglat = mercator_to_lnglat(vTexPos);
    uv = getUV(lnglat);
  } else if (bitmap.coordinateConversion > 0.5) {
    vec2 commonPos = lnglat_to_mercator(vTexPos);
    uv = getUV(commonPos);
  }
  vec4 bitmapColor = texture(bitmapTexture, uv);

  fragColor = apply_opacity(color_tint(color_desaturate(bitmapColor.rgb)), bitmapColor.a * layer.opacity);

  geometry.uv = uv;
  DECKGL_FILTER_COLOR(fragColor, geometry);

  if (bool(picking.isActive) && !bool(picking.isAttribute)) {
    // Since instance information is not used, we can use picking color for pixel index
    fragColor.rgb = packUVsIntoRGB(uv);
  }
}
`;var dj={image:{type:"image",value:null,async:!0},bounds:{type:"array",value:[1,0,0,1],compare:!0},_imageCoordinateSystem:"default",desaturate:{type:"number",min:0,max:1,value:0},transparentColor:{type:"color",value:[0,0,0,0]},tintColor:{type:"color",value:[255,255,255]},textureParameters:{type:"object",ignore:!0,value:null}},Vf=class extends Gn{getShaders(){return super.getShaders({vs:AC,fs:CC,source:LC,modules:[ai,fi,di,TC]})}initializeState(){let e=this.getAttributeManager(),t=!0;e.add({indices:{size:1,isIndexed:!0,update:n=>n.value=this.state.mesh.indices,noAlloc:t},positions:{size:3,type:"float64",fp64:this.use64bitPositions(),update:n=>n.value=this.state.mesh.positions,noAlloc:t},texCoords:{size:2,update:n=>n.value=this.state.mesh.texCoords,noAlloc:t}})}updateState({props:e,oldProps:t,changeFlags:n}){let i=this.getAttributeManager();if(n.extensionsChanged&&(this.state.model?.destroy(),this.state.model=this._getModel(),i.invalidateAll()),e.bounds!==t.bounds){let o=this.state.mesh,s=this._createMesh();this.state.model.setVertexCount(s.vertexCount);for(let a in s)o&&o[a]!==s[a]&&i.invalidate(a);this.setState({mesh:s,...this._getCoordinateUniforms()})}else e._imageCoordinateSystem!==t._imageCoordinateSystem&&this.setState(this._getCoordinateUniforms())}getPickingInfo(e){let{image:t}=this.props,n=e.info;if(!n.color||!t)return n.bitmap=null,n;let{width:i,height:o}=t;n.index=0;let s=hj(n.color);return n.bitmap={size:{width:i,height:o},uv:s,pixel:[Math.floor(s[0]*i),Math.floor(s[1]*o)]},n}disablePickingIndex(){this.setState({disablePicking:!0})}restorePickingColors(){this.setState({disablePicking:!1})}_updateAutoHighlight(e){super._updateAutoHighlight({...e,color:this.encodePickingColor(0)})}_createMesh(){let{bounds:e}=this.props,t=e;return MC(e)&&(t=[[e[0],e[1]],[e[0],e[3]],[e[2],e[3]],[e[2],e[1]]]),$x(t,this.context.viewport.resolution)}_getModel(){let e=this.context.device.type==="webgpu"?this.getAttributeManager().getBufferLayouts({isInstanced:!1}).filter(t=>t.name!=="indices"):this.getAttributeManager().getBufferLayouts();return new qt(this.context.device,{...this.getShaders(),id:this.props.id,bufferLayout:e,topology:"triangle-list",isInstanced:!1})}draw(e){let{shaderModuleProps:t}=e,{model:n,coordinateConversion:i,bounds:o,disablePicking:s}=this.state,{image:a,desaturate:c,transparentColor:l,tintColor:f}=this.props;if(!(t.picking.isActive&&s)&&a&&n){let u={bitmapTexture:a,bounds:o,coordinateConversion:i,desaturate:c,tintColor:f.slice(0,3).map(d=>d/255),transparentColor:l.map(d=>d/255)};n.shaderInputs.setProps({bitmap:u}),n.draw(this.context.renderPass)}}_getCoordinateUniforms(){let{_imageCoordinateSystem:e}=this.props;if(e!=="default"){let{bounds:t}=this.props;if(!MC(t))throw new Error("_imageCoordinateSystem only supports rectangular bounds");let n=this.context.viewport.resolution?"lnglat":"cartesian";if(e=e==="lnglat"?"lnglat":"cartesian",e==="lnglat"&&n==="cartesian")return{coordinateConversion:-1,bounds:t};if(e==="cartesian"&&n==="lnglat"){let i=Pr([t[0],t[1]]),o=Pr([t[2],t[3]]);return{coordinateConversion:1,bounds:[i[0],i[1],o[0],o[1]]}}}return{coordinateConversion:0,bounds:[0,0,0,0]}}};Vf.layerName="BitmapLayer";Vf.defaultProps=dj;var Wf=Vf;function hj(r){let[e,t,n]=r,i=(n&240)/256,o=(n&15)/16;return[(e+o)/256,(t+i)/256]}function MC(r){return Number.isFinite(r[0])}ut();var RC=`layout(std140) uniform scatterplotUniforms {
  float radiusScale;
  float radiusMinPixels;
  float radiusMaxPixels;
  float lineWidthScale;
  float lineWidthMinPixels;
  float lineWidthMaxPixels;
  float stroked;
  float filled;
  bool antialiasing;
  bool billboard;
  highp int radiusUnits;
  highp int lineWidthUnits;
} scatterplot;
`,IC={name:"scatterplot",vs:RC,fs:RC,source:"",uniformTypes:{radiusScale:"f32",radiusMinPixels:"f32",radiusMaxPixels:"f32",lineWidthScale:"f32",lineWidthMinPixels:"f32",lineWidthMaxPixels:"f32",stroked:"f32",filled:"f32",antialiasing:"f32",billboard:"f32",radiusUnits:"i32",lineWidthUnits:"i32"}};var OC=`#version 300 es
#define SHADER_NAME scatterplot-layer-vertex-shader
in vec3 positions;
in vec3 instancePositions;
in vec3 instancePositions64Low;
in float instanceRadius;
in float instanceLineWidths;
in vec4 instanceFillColors;
in vec4 instanceLineColors;
#ifdef USE_ROW_INDEXES
in float rowIndexes;
#endif
in vec2 instancePixelOffset;
out vec4 vFillColor;
out vec4 vLineColor;
out vec2 unitPosition;
out float innerUnitRadius;
out float outerRadiusPixels;
void main(void) {
geometry.worldPosition = instancePositions;
outerRadiusPixels = clamp(
project_size_to_pixel(scatterplot.radiusScale * instanceRadius, scatterplot.radiusUnits),
scatterplot.radiusMinPixels, scatterplot.radiusMaxPixels
);
float lineWidthPixels = clamp(
project_size_to_pixel(scatterplot.lineWidthScale * instanceLineWidths, scatterplot.lineWidthUnits),
scatterplot.lineWidthMinPixels, scatterplot.lineWidthMaxPixels
);
outerRadiusPixels += scatterplot.stroked * lineWidthPixels / 2.0;
float edgePadding = scatterplot.antialiasing ? (outerRadiusPixels + SMOOTH_EDGE_RADIUS) / outerRadiusPixels : 1.0;
unitPosition = edgePadding * positions.xy;
geometry.uv = unitPosition;
#ifdef USE_ROW_INDEXES
geometry.pickingColor = picking_getPickingColorFromIndex(rowIndexes);
#else
geometry.pickingColor = picking_getPickingColorFromInstanceID();
#endif
innerUnitRadius = 1.0 - scatterplot.stroked * lineWidthPixels / outerRadiusPixels;
if (scatterplot.billboard) {
gl_Position = project_position_to_clipspace(instancePositions, instancePositions64Low, vec3(0.0), geometry.position);
DECKGL_FILTER_GL_POSITION(gl_Position, geometry);
vec3 offset = edgePadding * positions * outerRadiusPixels;
offset.xy += instancePixelOffset;
DECKGL_FILTER_SIZE(offset, geometry);
gl_Position.xy += project_pixel_size_to_clipspace(offset.xy);
} else {
vec3 offset = edgePadding * positions * project_pixel_size(outerRadiusPixels);
offset.xy += project_pixel_size(instancePixelOffset);
DECKGL_FILTER_SIZE(offset, geometry);
gl_Position = project_position_to_clipspace(instancePositions, instancePositions64Low, offset, geometry.position);
DECKGL_FILTER_GL_POSITION(gl_Position, geometry);
}
vFillColor = vec4(instanceFillColors.rgb, instanceFillColors.a * layer.opacity);
DECKGL_FILTER_COLOR(vFillColor, geometry);
vLineColor = vec4(instanceLineColors.rgb, instanceLineColors.a * layer.opacity);
DECKGL_FILTER_COLOR(vLineColor, geometry);
}
`;var BC=`#version 300 es
#define SHADER_NAME scatterplot-layer-fragment-shader
precision highp float;
in vec4 vFillColor;
in vec4 vLineColor;
in vec2 unitPosition;
in float innerUnitRadius;
in float outerRadiusPixels;
out vec4 fragColor;
void main(void) {
geometry.uv = unitPosition;
float distToCenter = length(unitPosition) * outerRadiusPixels;
float inCircle = scatterplot.antialiasing ?
smoothedge(distToCenter, outerRadiusPixels) :
step(distToCenter, outerRadiusPixels);
if (inCircle == 0.0) {
discard;
}
if (scatterplot.stroked > 0.5) {
float isLine = scatterplot.antialiasing ?
smoothedge(innerUnitRadius * outerRadiusPixels, distToCenter) :
step(innerUnitRadius * outerRadiusPixels, distToCenter);
if (scatterplot.filled > 0.5) {
fragColor = mix(vFillColor, vLineColor, isLine);
} else {
if (isLine == 0.0) {
discard;
}
fragColor = vec4(vLineColor.rgb, vLineColor.a * isLine);
}
} else if (scatterplot.filled < 0.5) {
discard;
} else {
fragColor = vFillColor;
}
fragColor.a *= inCircle;
DECKGL_FILTER_COLOR(fragColor, geometry);
}
`;var pj=`// Main shaders

struct ScatterplotUniforms {
  radiusScale: f32,
  radiusMinPixels: f32,
  radiusMaxPixels: f32,
  lineWidthScale: f32,
  lineWidthMinPixels: f32,
  lineWidthMaxPixels: f32,
  stroked: f32,
  filled: i32,
  antialiasing: i32,
  billboard: i32,
  radiusUnits: i32,
  lineWidthUnits: i32,
};

@group(0) @binding(0) var<uniform> scatterplot: ScatterplotUniforms;

struct Attributes {
  @builtin(instance_index) instanceIndex : u32,
  @builtin(vertex_index) vertexIndex : u32,
  @location(0) positions: vec3<f32>,
  @location(1) instancePositions: vec3<f32>,
  @location(2) instancePositions64Low: vec3<f32>,
  @location(3) instanceRadius: f32,
  @location(4) instanceLineWidths: f32,
  @location(5) instanceFillColors: vec4<f32>,
  @location(6) instanceLineColors: vec4<f32>,
  @location(7) instancePixelOffset: vec2<f32>,
  PICKING_COLOR_ATTRIBUTE
};

struct Varyings {
  @builtin(position) position: vec4<f32>,
  @location(0) vFillColor: vec4<f32>,
  @location(1) vLineColor: vec4<f32>,
  @location(2) unitPosition: vec2<f32>,
  @location(3) innerUnitRadius: f32,
  @location(4) outerRadiusPixels: f32,
  @location(5) pickingColor: vec3<f32>,
  @location(6) clipCoordinates: vec2<f32>,
};

@vertex
fn vertexMain(attributes: Attributes) -> Varyings {
  var varyings: Varyings;

  // Draw an inline geometry constant array clip space triangle to verify that rendering works.
  // var positions = array<vec2<f32>, 3>(vec2(0.0, 0.5), vec2(-0.5, -0.5), vec2(0.5, -0.5));
  // if (attributes.instanceIndex == 0) {
  //   varyings.position = vec4<f32>(positions[attributes.vertexIndex], 0.0, 1.0);
  //   return varyings;
  // }

  geometry.worldPosition = attributes.instancePositions;

  // Multiply out radius and clamp to limits
  varyings.outerRadiusPixels = clamp(
    project_unit_size_to_pixel(scatterplot.radiusScale * attributes.instanceRadius, scatterplot.radiusUnits),
    scatterplot.radiusMinPixels, scatterplot.radiusMaxPixels
  );

  // Multiply out line width and clamp to limits
  let lineWidthPixels = clamp(
    project_unit_size_to_pixel(scatterplot.lineWidthScale * attributes.instanceLineWidths, scatterplot.lineWidthUnits),
    scatterplot.lineWidthMinPixels, scatterplot.lineWidthMaxPixels
  );

  // outer radius needs to offset by half stroke width
  varyings.outerRadiusPixels += scatterplot.stroked * lineWidthPixels / 2.0;
  // Expand geometry to accommodate edge smoothing
  // WGSL selects the second value when the condition is true, so keep the antialiased path second.
  let edgePadding = select(
    1.0,
    (varyings.outerRadiusPixels + SMOOTH_EDGE_RADIUS) / varyings.outerRadiusPixels,
    scatterplot.antialiasing != 0
  );

  // position on the containing square in [-1, 1] space
  varyings.unitPosition = edgePadding * attributes.positions.xy;
  geometry.uv = varyings.unitPosition;
  geometry.pickingColor = PICKING_COLOR_VALUE;

  varyings.innerUnitRadius = 1.0 - scatterplot.stroked * lineWidthPixels / varyings.outerRadiusPixels;

  if (scatterplot.billboard != 0) {
    let projectedPosition = project_position_to_clipspace_and_commonspace(
      attributes.instancePositions,
      attributes.instancePositions64Low,
      vec3<f32>(0.0)
    );
    geometry.position = projectedPosition.commonPosition;
    varyings.position = projectedPosition.clipPosition;
    // DECKGL_FILTER_GL_POSITION(varyings.position, geometry);
    var offset = edgePadding * attributes.positions * varyings.outerRadiusPixels;
    offset = vec3<f32>(offset.xy + attributes.instancePixelOffset, offset.z);
    // DECKGL_FILTER_SIZE(offset, geometry);
    let clipPixels = project_pixel_size_to_clipspace(offset.xy);
    varyings.position = vec4<f32>(varyings.position.x + clipPixels.x, varyings.position.y + clipPixels.y, varyings.position.z, varyings.position.w);
    geometry.position = vec4<f32>(
      geometry.position.xy + project_pixel_size_vec2(offset.xy),
      geometry.position.zw
    );
  } else {
    var offset = edgePadding * attributes.positions * project_pixel_size_float(varyings.outerRadiusPixels);
    offset = vec3<f32>(offset.xy + project_pixel_size_vec2(attributes.instancePixelOffset), offset.z);
    // DECKGL_FILTER_SIZE(offset, geometry);
    let projectedPosition = project_position_to_clipspace_and_commonspace(
      attributes.instancePositions,
      attributes.instancePositions64Low,
      offset
    );
    geometry.position = projectedPosition.commonPosition;
    varyings.position = projectedPosition.clipPosition;
    // DECKGL_FILTER_GL_POSITION(varyings.position, geometry);
  }

  varyings.clipCoordinates = geometry.position.xy;
  clip_filterPosition(&varyings.position, geometry.worldPosition.xy);

  // Apply opacity to instance color, or return instance picking color
  varyings.vFillColor = vec4<f32>(attributes.instanceFillColors.rgb, attributes.instanceFillColors.a * layer.opacity);
  // DECKGL_FILTER_COLOR(varyings.vFillColor, geometry);
  varyings.vLineColor = vec4<f32>(attributes.instanceLineColors.rgb, attributes.instanceLineColors.a * layer.opacity);
  // DECKGL_FILTER_COLOR(varyings.vLineColor, geometry);
  varyings.pickingColor = geometry.pickingColor;

  return varyings;
}

@fragment
fn fragmentMain(varyings: Varyings) -> @location(0) vec4<f32> {
  // var geometry: Geometry;
  // geometry.uv = unitPosition;

  let distToCenter = length(varyings.unitPosition) * varyings.outerRadiusPixels;
  let inCircle = select(
    step(distToCenter, varyings.outerRadiusPixels),
    smoothedge(distToCenter, varyings.outerRadiusPixels),
    scatterplot.antialiasing != 0
  );

  if (inCircle == 0.0) {
    discard;
  }

  var fragColor: vec4<f32>;

  if (scatterplot.stroked != 0) {
    let isLine = select(
      step(varyings.innerUnitRadius * varyings.outerRadiusPixels, distToCenter),
      smoothedge(varyings.innerUnitRadius * varyings.outerRadiusPixels, distToCenter),
      scatterplot.antialiasing != 0
    );

    if (scatterplot.filled != 0) {
      fragColor = mix(varyings.vFillColor, varyings.vLineColor, isLine);
    } else {
      if (isLine == 0.0) {
        discard;
      }
      fragColor = vec4<f32>(varyings.vLineColor.rgb, varyings.vLineColor.a * isLine);
    }
  } else if (scatterplot.filled == 0) {
    discard;
  } else {
    fragColor = varyings.vFillColor;
  }

  fragColor.a *= inCircle;

  clip_filterColor(varyings.clipCoordinates);

  if (picking.isActive > 0.5) {
    if (!picking_isColorValid(varyings.pickingColor)) {
      discard;
    }
    return vec4<f32>(varyings.pickingColor, 1.0);
  }

  if (picking.isHighlightActive > 0.5) {
    let highlightedObjectColor = picking_normalizeColor(picking.highlightedObjectColor);
    if (picking_isColorZero(abs(varyings.pickingColor - highlightedObjectColor))) {
      let highLightAlpha = picking.highlightColor.a;
      let blendedAlpha = highLightAlpha + fragColor.a * (1.0 - highLightAlpha);
      if (blendedAlpha > 0.0) {
        let highLightRatio = highLightAlpha / blendedAlpha;
        fragColor = vec4<f32>(
          mix(fragColor.rgb, picking.highlightColor.rgb, highLightRatio),
          blendedAlpha
        );
      } else {
        fragColor = vec4<f32>(fragColor.rgb, 0.0);
      }
    }
  }

  // Apply premultiplied alpha as required by transparent canvas
  fragColor = deckgl_premultiplied_alpha(fragColor);

  return fragColor;
  // return vec4<f32>(0, 0, 1, 1);
}
`;function kC(r){return pj.replace("PICKING_COLOR_ATTRIBUTE",r?"@location(8) rowIndexes: u32,":"").replace("PICKING_COLOR_VALUE",r?"picking_getPickingColorFromIndex(attributes.rowIndexes)":"picking_getPickingColorFromIndex(attributes.instanceIndex)")}var mj=`struct ClipUniforms {
  enabled: i32,
  mode: i32,
  bounds: vec4<f32>,
};

@group(2) @binding(auto) var<uniform> clipUniforms: ClipUniforms;

fn clip_isInBounds(coordinates: vec2<f32>) -> bool {
  return coordinates.x >= clipUniforms.bounds.x &&
    coordinates.y >= clipUniforms.bounds.y &&
    coordinates.x < clipUniforms.bounds.z &&
    coordinates.y < clipUniforms.bounds.w;
}

fn clip_filterPosition(position: ptr<function, vec4<f32>>, instanceCoordinates: vec2<f32>) {
  if (
    clipUniforms.enabled != 0 &&
    clipUniforms.mode == 1 &&
    !clip_isInBounds(instanceCoordinates)
  ) {
    *position = vec4<f32>(2.0, 2.0, 2.0, 1.0);
  }
}

fn clip_filterColor(geometryCoordinates: vec2<f32>) {
  if (
    clipUniforms.enabled != 0 &&
    clipUniforms.mode == 0 &&
    !clip_isInBounds(geometryCoordinates)
  ) {
    discard;
  }
}
`,gj={name:"clip",source:mj,props:{},uniforms:{},bindingLayout:[{name:"clip",group:2}],uniformTypes:{enabled:"i32",mode:"i32",bounds:"vec4<f32>"},defaultUniforms:{enabled:0,mode:0,bounds:[0,0,1,1]},getUniforms(r={}){let e={};return r.enabled!==void 0&&(e.enabled=r.enabled?1:0),r.mode!==void 0&&(e.mode=r.mode==="instance"?1:0),r.bounds!==void 0&&(e.bounds=r.bounds),e}},uc=gj;var DC=[0,0,0,255],yj={radiusUnits:"meters",radiusScale:{type:"number",min:0,value:1},radiusMinPixels:{type:"number",min:0,value:0},radiusMaxPixels:{type:"number",min:0,value:Number.MAX_SAFE_INTEGER},lineWidthUnits:"meters",lineWidthScale:{type:"number",min:0,value:1},lineWidthMinPixels:{type:"number",min:0,value:0},lineWidthMaxPixels:{type:"number",min:0,value:Number.MAX_SAFE_INTEGER},stroked:!1,filled:!0,billboard:!1,antialiasing:!0,getPosition:{type:"accessor",value:r=>r.position},getRadius:{type:"accessor",value:1},getFillColor:{type:"accessor",value:DC},getLineColor:{type:"accessor",value:DC},getLineWidth:{type:"accessor",value:1},getPixelOffset:{type:"accessor",value:[0,0]},strokeWidth:{deprecatedFor:"getLineWidth"},outline:{deprecatedFor:"stroked"},getColor:{deprecatedFor:["getFillColor","getLineColor"]}},jf=class extends Gn{getShaders(){let e=!!this.props.data?.attributes?.rowIndexes;return super.getShaders({vs:OC,fs:BC,source:kC(e),defines:e?{USE_ROW_INDEXES:!0}:{},modules:[fi,ai,di,IC,...this.context.device.type==="webgpu"?[uc]:[]]})}initializeState(){let e=this.props.data?.attributes?.rowIndexes?{rowIndexes:{size:1,type:"uint32",noAlloc:!0}}:{};this.getAttributeManager().addInstanced({instancePositions:{size:3,type:"float64",fp64:this.use64bitPositions(),transition:!0,accessor:"getPosition"},instanceRadius:{size:1,transition:!0,accessor:"getRadius",defaultValue:1,bufferGroup:"scatterplot-instance-data"},instanceFillColors:{size:this.props.colorFormat.length,transition:!0,type:"unorm8",accessor:"getFillColor",defaultValue:[0,0,0,255],bufferGroup:"scatterplot-instance-data"},instanceLineColors:{size:this.props.colorFormat.length,transition:!0,type:"unorm8",accessor:"getLineColor",defaultValue:[0,0,0,255],bufferGroup:"scatterplot-instance-data"},instanceLineWidths:{size:1,transition:!0,accessor:"getLineWidth",defaultValue:1,bufferGroup:"scatterplot-instance-data"},instancePixelOffset:{size:2,transition:!0,accessor:"getPixelOffset",bufferGroup:"scatterplot-instance-data"},...e})}updateState(e){super.updateState(e),e.changeFlags.extensionsChanged&&(this.state.model?.destroy(),this.state.model=this._getModel(),this.getAttributeManager().invalidateAll())}draw({uniforms:e}){let{radiusUnits:t,radiusScale:n,radiusMinPixels:i,radiusMaxPixels:o,stroked:s,filled:a,billboard:c,antialiasing:l,lineWidthUnits:f,lineWidthScale:u,lineWidthMinPixels:d,lineWidthMaxPixels:h}=this.props,p={stroked:s,filled:a,billboard:c,antialiasing:l,radiusUnits:mn[t],radiusScale:n,radiusMinPixels:i,radiusMaxPixels:o,lineWidthUnits:mn[f],lineWidthScale:u,lineWidthMinPixels:d,lineWidthMaxPixels:h},g=this.state.model;g.shaderInputs.setProps({scatterplot:p}),g.draw(this.context.renderPass)}_getModel(){let e=[-1,-1,0,1,-1,0,-1,1,0,1,1,0];return new qt(this.context.device,{...this.getShaders(),id:this.props.id,bufferLayout:this.getAttributeManager().getBufferLayouts(),geometry:new yn({topology:"triangle-strip",attributes:{positions:{size:3,value:new Float32Array(e)}}}),isInstanced:!0})}};jf.defaultProps=yj;jf.layerName="ScatterplotLayer";var Hf=jf;var Up={CLOCKWISE:1,COUNTER_CLOCKWISE:-1};function Yf(r,e,t={}){return NC(r,t)!==e?(_j(r,t),!0):!1}function NC(r,e={}){return Math.sign(zp(r,e))}var Vx={x:0,y:1,z:2};function zp(r,e={}){let{start:t=0,end:n=r.length,plane:i="xy"}=e,o=e.size||2,s=0,a=Vx[i[0]],c=Vx[i[1]];for(let l=t,f=n-o;l<n;l+=o)s+=(r[l+a]-r[f+a])*(r[l+c]+r[f+c]),f=l;return s/2}function _j(r,e){let{start:t=0,end:n=r.length,size:i=2}=e,o=(n-t)/i,s=Math.floor(o/2);for(let a=0;a<s;++a){let c=t+a*i,l=t+(o-1-a)*i;for(let f=0;f<i;++f){let u=r[c+f];r[c+f]=r[l+f],r[l+f]=u}}}function Dr(r,e){let t=e.length,n=r.length;if(n>0){let i=!0;for(let o=0;o<t;o++)if(r[n-t+o]!==e[o]){i=!1;break}if(i)return!1}for(let i=0;i<t;i++)r[n+i]=e[i];return!0}function qf(r,e){let t=e.length;for(let n=0;n<t;n++)r[n]=e[n]}function So(r,e,t,n,i=[]){let o=n+e*t;for(let s=0;s<t;s++)i[s]=r[o+s];return i}function Gp(r,e,t,n,i=[]){let o,s;if(t&8)o=(n[3]-r[1])/(e[1]-r[1]),s=3;else if(t&4)o=(n[1]-r[1])/(e[1]-r[1]),s=1;else if(t&2)o=(n[2]-r[0])/(e[0]-r[0]),s=2;else if(t&1)o=(n[0]-r[0])/(e[0]-r[0]),s=0;else return null;for(let a=0;a<r.length;a++)i[a]=(s&1)===a?n[s]:o*(e[a]-r[a])+r[a];return i}function Zf(r,e){let t=0;return r[0]<e[0]?t|=1:r[0]>e[2]&&(t|=2),r[1]<e[1]?t|=4:r[1]>e[3]&&(t|=8),t}function Xf(r,e){let{size:t=2,broken:n=!1,gridResolution:i=10,gridOffset:o=[0,0],startIndex:s=0,endIndex:a=r.length}=e||{},c=(a-s)/t,l=[],f=[l],u=So(r,0,t,s),d,h,p=zC(u,i,o,[]),g=[];Dr(l,u);for(let y=1;y<c;y++){for(d=So(r,y,t,s,d),h=Zf(d,p);h;){Gp(u,d,h,p,g);let w=Zf(g,p);w&&(Gp(u,g,w,p,g),h=w),Dr(l,g),qf(u,g),vj(p,i,h),n&&l.length>t&&(l=[],f.push(l),Dr(l,u)),h=Zf(d,p)}Dr(l,d),qf(u,d)}return n?f:f[0]}var FC=0,xj=1;function Kf(r,e=null,t){if(!r.length)return[];let{size:n=2,gridResolution:i=10,gridOffset:o=[0,0],edgeTypes:s=!1}=t||{},a=[],c=[{pos:r,types:s?new Array(r.length/n).fill(xj):null,holes:e||[]}],l=[[],[]],f=[];for(;c.length;){let{pos:u,types:d,holes:h}=c.shift();wj(u,n,h[0]||u.length,l),f=zC(l[0],i,o,f);let p=Zf(l[1],f);if(p){let g=UC(u,d,n,0,h[0]||u.length,f,p),y={pos:g[0].pos,types:g[0].types,holes:[]},w={pos:g[1].pos,types:g[1].types,holes:[]};c.push(y,w);for(let x=0;x<h.length;x++)g=UC(u,d,n,h[x],h[x+1]||u.length,f,p),g[0]&&(y.holes.push(y.pos.length),y.pos=$p(y.pos,g[0].pos),s&&(y.types=$p(y.types,g[0].types))),g[1]&&(w.holes.push(w.pos.length),w.pos=$p(w.pos,g[1].pos),s&&(w.types=$p(w.types,g[1].types)))}else{let g={positions:u};s&&(g.edgeTypes=d),h.length&&(g.holeIndices=h),a.push(g)}}return a}function UC(r,e,t,n,i,o,s){let a=(i-n)/t,c=[],l=[],f=[],u=[],d=[],h,p,g,y=So(r,a-1,t,n),w=Math.sign(s&8?y[1]-o[3]:y[0]-o[2]),x=e&&e[a-1],b=0,v=0;for(let T=0;T<a;T++)h=So(r,T,t,n,h),p=Math.sign(s&8?h[1]-o[3]:h[0]-o[2]),g=e&&e[n/t+T],p&&w&&w!==p&&(Gp(y,h,s,o,d),Dr(c,d)&&f.push(x),Dr(l,d)&&u.push(x)),p<=0?(Dr(c,h)&&f.push(g),b-=p):f.length&&(f[f.length-1]=FC),p>=0?(Dr(l,h)&&u.push(g),v+=p):u.length&&(u[u.length-1]=FC),qf(y,h),w=p,x=g;return[b?{pos:c,types:e&&f}:null,v?{pos:l,types:e&&u}:null]}function zC(r,e,t,n){let i=Math.floor((r[0]-t[0])/e)*e+t[0],o=Math.floor((r[1]-t[1])/e)*e+t[1];return n[0]=i,n[1]=o,n[2]=i+e,n[3]=o+e,n}function vj(r,e,t){t&8?(r[1]+=e,r[3]+=e):t&4?(r[1]-=e,r[3]-=e):t&2?(r[0]+=e,r[2]+=e):t&1&&(r[0]-=e,r[2]-=e)}function wj(r,e,t,n){let i=1/0,o=-1/0,s=1/0,a=-1/0;for(let c=0;c<t;c+=e){let l=r[c],f=r[c+1];i=l<i?l:i,o=l>o?l:o,s=f<s?f:s,a=f>a?f:a}return n[0][0]=i,n[0][1]=s,n[1][0]=o,n[1][1]=a,n}function $p(r,e){for(let t=0;t<e.length;t++)r.push(e[t]);return r}var Ej=85.051129;function Wx(r,e){let{size:t=2,startIndex:n=0,endIndex:i=r.length,normalize:o=!0}=e||{},s=r.slice(n,i);GC(s,t,0,i-n);let a=Xf(s,{size:t,broken:!0,gridResolution:360,gridOffset:[-180,-180]});if(o)for(let c of a)$C(c,t);return a}function jx(r,e=null,t){let{size:n=2,normalize:i=!0,edgeTypes:o=!1}=t||{};e=e||[];let s=[],a=[],c=0,l=0;for(let u=0;u<=e.length;u++){let d=e[u]||r.length,h=l,p=Pj(r,n,c,d);for(let g=p;g<d;g++)s[l++]=r[g];for(let g=c;g<p;g++)s[l++]=r[g];GC(s,n,h,l),Sj(s,n,h,l,t?.maxLatitude),c=d,a[u]=l}a.pop();let f=Kf(s,a,{size:n,gridResolution:360,gridOffset:[-180,-180],edgeTypes:o});if(i)for(let u of f)$C(u.positions,n);return f}function Pj(r,e,t,n){let i=-1,o=-1;for(let s=t+1;s<n;s+=e){let a=Math.abs(r[s]);a>i&&(i=a,o=s-1)}return o}function Sj(r,e,t,n,i=Ej){let o=r[t],s=r[n-e];if(Math.abs(o-s)>180){let a=So(r,0,e,t);a[0]+=Math.round((s-o)/360)*360,Dr(r,a),a[1]=Math.sign(a[1])*i,Dr(r,a),a[0]=o,Dr(r,a)}}function GC(r,e,t,n){let i=r[0],o;for(let s=t;s<n;s+=e){o=r[s];let a=o-i;(a>180||a<-180)&&(o-=Math.round(a/360)*360),r[s]=i=o}}function $C(r,e){let t,n=r.length/e;for(let o=0;o<n&&(t=r[o*e],(t+180)%360===0);o++);let i=-Math.round(t/360)*360;if(i!==0)for(let o=0;o<n;o++)r[o*e]+=i}ut();ut();function VC(r,e,t,n){let i;if(Array.isArray(r[0])){let o=r.length*e;i=new Array(o);for(let s=0;s<r.length;s++)for(let a=0;a<e;a++)i[s*e+a]=r[s][a]||0}else i=r;return t?Xf(i,{size:e,gridResolution:t}):n?Wx(i,{size:e}):i}var Lj=1,Aj=2,Qf=4,Jf=class extends Po{constructor(e){super({...e,attributes:{positions:{size:3,padding:18,initialize:!0,type:e.fp64?Float64Array:Float32Array},segmentTypes:{size:1,type:e.isWebGPU?Float32Array:Uint8ClampedArray}}})}get(e){return this.attributes[e]}getPathSegmentIndices(e){let t=this.attributes.segmentTypes,n=this.vertexStarts[e],i=Math.min(this.vertexStarts[e+1]??this.instanceCount,this.instanceCount),o=[];for(let s=n;s<i-1;s++)(t[s]&Qf)===0&&o.push(s);return o.length&&(t[n]&Qf)!==0&&o.unshift(o.pop()),o}getGeometryFromBuffer(e){return this.normalize||this.opts.isWebGPU?super.getGeometryFromBuffer(e):null}normalizeGeometry(e){return this.normalize?VC(e,this.positionSize,this.opts.resolution,this.opts.wrapLongitude):e}getGeometrySize(e){if(WC(e)){let n=0;for(let i of e)n+=this.getGeometrySize(i);return n}let t=this.getPathLength(e);return t<2?0:this.isClosed(e)?t<3?0:t+2:t}updateGeometryAttributes(e,t){if(t.geometrySize!==0)if(e&&WC(e))for(let n of e){let i=this.getGeometrySize(n);t.geometrySize=i,this.updateGeometryAttributes(n,t),t.vertexStart+=i}else this._updateSegmentTypes(e,t),this._updatePositions(e,t)}_updateSegmentTypes(e,t){let n=this.attributes.segmentTypes,i=e?this.isClosed(e):!1,{vertexStart:o,geometrySize:s}=t;n.fill(0,o,o+s),i?(n[o]=Qf,n[o+s-2]=Qf):(n[o]+=Lj,n[o+s-2]+=Aj),n[o+s-1]=Qf}_updatePositions(e,t){let{positions:n}=this.attributes;if(!n||!e)return;let{vertexStart:i,geometrySize:o}=t,s=new Array(3);for(let a=i,c=0;c<o;a++,c++)this.getPointOnPath(e,c,s),n[a*3]=s[0],n[a*3+1]=s[1],n[a*3+2]=s[2]}getPathLength(e){return e.length/this.positionSize}getPointOnPath(e,t,n=[]){let{positionSize:i}=this;t*i>=e.length&&(t+=1-e.length/i);let o=t*i;return n[0]=e[o],n[1]=e[o+1],n[2]=i===3&&e[o+2]||0,n}isClosed(e){if(!this.normalize)return!!this.opts.loop;let{positionSize:t}=this,n=e.length-t;return e[0]===e[n]&&e[1]===e[n+1]&&(t===2||e[2]===e[n+2])}};function WC(r){return Array.isArray(r[0])}var Cj=`struct PathUniforms {
  widthScale: f32,
  widthMinPixels: f32,
  widthMaxPixels: f32,
  jointType: f32,
  capType: f32,
  miterLimit: f32,
  billboard: f32,
  widthUnits: i32,
};

@group(0) @binding(auto)
var<uniform> path: PathUniforms;
`,jC=`layout(std140) uniform pathUniforms {
  float widthScale;
  float widthMinPixels;
  float widthMaxPixels;
  float jointType;
  float capType;
  float miterLimit;
  bool billboard;
  highp int widthUnits;
} path;
`,HC={name:"path",source:Cj,vs:jC,fs:jC,uniformTypes:{widthScale:"f32",widthMinPixels:"f32",widthMaxPixels:"f32",jointType:"f32",capType:"f32",miterLimit:"f32",billboard:"f32",widthUnits:"i32"}};var YC=`const EPSILON: f32 = 0.001;
const ZERO_OFFSET: vec3<f32> = vec3<f32>(0.0, 0.0, 0.0);

struct JoinResult {
  offset: vec3<f32>,
  cornerOffset: vec2<f32>,
  miterLength: f32,
  pathPosition: vec2<f32>,
  pathLength: f32,
  jointType: f32,
};

struct Attributes {
  @location(0) positions: vec2<f32>,
  @location(1) instanceTypes: f32,
  @location(2) instanceLeftPositions: vec3<f32>,
  @location(3) instanceStartPositions: vec3<f32>,
  @location(4) instanceEndPositions: vec3<f32>,
  @location(5) instanceRightPositions: vec3<f32>,
  @location(6) instanceLeftPositions64Low: vec3<f32>,
  @location(7) instanceStartPositions64Low: vec3<f32>,
  @location(8) instanceEndPositions64Low: vec3<f32>,
  @location(9) instanceRightPositions64Low: vec3<f32>,
  @location(10) instanceStrokeWidths: f32,
  @location(11) instanceColors: vec4<f32>,
  @location(12) rowIndexes: u32,
};

struct Varyings {
  @builtin(position) position: vec4<f32>,
  @location(0) vColor: vec4<f32>,
  @location(1) vCornerOffset: vec2<f32>,
  @location(2) vMiterLength: f32,
  @location(3) vPathPosition: vec2<f32>,
  @location(4) vPathLength: f32,
  @location(5) vJointType: f32,
  // Location 6 is reserved for TripsLayer's injected vTime varying.
  @location(7) clipCoordinates: vec2<f32>,
#ifdef DASH_ENABLED
  @location(8) vPathBounds: vec2<f32>,
#endif
};

fn flipIfTrue(flag: bool) -> f32 {
  return select(1.0, -1.0, flag);
}

fn clipLine(position: vec4<f32>, refPosition: vec4<f32>) -> vec4<f32> {
  if (position.w < EPSILON) {
    let r = (EPSILON - refPosition.w) / (position.w - refPosition.w);
    return refPosition + (position - refPosition) * r;
  }
  return position;
}

#ifdef DASH_ENABLED
// Return the visible interval of the original segment before clipLine moves either endpoint.
fn getClippedPathRange(startW: f32, endW: f32) -> vec2<f32> {
  let startClipped = startW < EPSILON;
  let endClipped = endW < EPSILON;
  if (startClipped && endClipped) {
    return vec2<f32>(0.0, 0.0);
  }
  if (startClipped || endClipped) {
    let intersection = clamp((EPSILON - startW) / (endW - startW), 0.0, 1.0);
    if (startClipped) {
      return vec2<f32>(intersection, 1.0);
    }
    return vec2<f32>(0.0, intersection);
  }
  return vec2<f32>(0.0, 1.0);
}
#endif

fn getLineJoinOffset(
  prevPoint: vec3<f32>,
  currPoint: vec3<f32>,
  nextPoint: vec3<f32>,
  width: vec2<f32>,
#ifdef DASH_ENABLED
  sourcePathLength: f32,
  sourcePathRange: vec2<f32>,
#endif
#ifdef ANTIALIASING
  coverageScale: f32,
#endif
  positions: vec2<f32>,
  instanceTypes: f32
) -> JoinResult {
  let isEnd = positions.x > 0.0;
  let sideOfPath = positions.y;
  let isJoint = select(0.0, 1.0, sideOfPath == 0.0);

  var deltaA3 = currPoint - prevPoint;
  var deltaB3 = nextPoint - currPoint;

  let rotationResult = project_needs_rotation(currPoint);
  if (path.billboard == 0.0 && rotationResult.needsRotation) {
    deltaA3 = rotationResult.transform * deltaA3;
    deltaB3 = rotationResult.transform * deltaB3;
  }

  let deltaA = deltaA3.xy / width;
  let deltaB = deltaB3.xy / width;

  let lenA = length(deltaA);
  let lenB = length(deltaB);

  let dirA = select(vec2<f32>(0.0, 0.0), normalize(deltaA), lenA > 0.0);
  let dirB = select(vec2<f32>(0.0, 0.0), normalize(deltaB), lenB > 0.0);

  let perpA = vec2<f32>(-dirA.y, dirA.x);
  let perpB = vec2<f32>(-dirB.y, dirB.x);

  var tangent = dirA + dirB;
  tangent = select(perpA, normalize(tangent), length(tangent) > 0.0);
  let miterVec = vec2<f32>(-tangent.y, tangent.x);
  let dir = select(dirB, dirA, isEnd);
  let perp = select(perpB, perpA, isEnd);
#ifdef DASH_ENABLED
  let segmentLength2D = select(lenB, lenA, isEnd);

  // Extrusion happens in the XY plane, so segmentLength2D is a 2D length and pathPosition.y
  // below measures 2D distance along the segment. For a path that also moves in Z the true
  // arc length is longer by this ratio. Scaling pathLength and pathPosition.y by it makes
  // the coordinate measure real 3D distance while leaving the joint tests unchanged, since
  // they compare the two against each other and both are scaled alike. Billboard mode
  // extrudes in clip space, where the perspective divide has already reduced the segment to
  // its screen projection, so its complete common-space length is supplied by the caller.
  // Mirrors path-layer-vertex.glsl.ts.
  let currDelta3 = select(deltaB3, deltaA3, isEnd);
  let currLength2D = length(currDelta3.xy);
  // Do not clamp a valid denominator to EPSILON: high-zoom Web Mercator deltas are often
  // smaller than that in common space, and changing their scale corrupts even flat paths.
  let safeLength2D = select(1.0, currLength2D, currLength2D > 0.0);
  var arcLengthRatio = 1.0;
  var pathPositionOffset = 0.0;
  var pathLength = segmentLength2D;
  if (path.billboard != 0.0) {
    // clipLine may shorten the visible screen-space segment. Preserve the corresponding interval
    // of the complete common-space arclength instead of compressing the full dash period into the
    // visible span. Keep pathLength complete so justification is stable as the camera clips it.
    let visiblePathLength = sourcePathLength * (sourcePathRange.y - sourcePathRange.x);
    arcLengthRatio = 0.0;
    if (segmentLength2D > 0.0) {
      arcLengthRatio = visiblePathLength / segmentLength2D;
    }
    pathPositionOffset = sourcePathLength * sourcePathRange.x;
    pathLength = sourcePathLength;
  } else if (currLength2D > 0.0) {
    arcLengthRatio = length(currDelta3) / safeLength2D;
    pathLength = segmentLength2D * arcLengthRatio;
  }
#else
  let pathLength = select(lenB, lenA, isEnd);
#endif

  let sinHalfA = abs(dot(miterVec, perp));
  let cosHalfA = abs(dot(dirA, miterVec));
  let turnDirection = flipIfTrue(dirA.x * dirB.y >= dirA.y * dirB.x);
  let cornerPosition = sideOfPath * turnDirection;

  var miterSize = 1.0 / max(sinHalfA, EPSILON);
  miterSize = mix(
    min(miterSize, max(lenA, lenB) / max(cosHalfA, EPSILON)),
    miterSize,
    step(0.0, cornerPosition)
  );

  var offsetVec =
    mix(miterVec * miterSize, perp, step(0.5, cornerPosition)) *
    (sideOfPath + isJoint * turnDirection);

  let isStartCap = lenA == 0.0 || (!isEnd && (instanceTypes == 1.0 || instanceTypes == 3.0));
  let isEndCap = lenB == 0.0 || (isEnd && (instanceTypes == 2.0 || instanceTypes == 3.0));
  let isCap = isStartCap || isEndCap;

  var jointType = path.jointType;
  if (isCap) {
    offsetVec = mix(
      perp * sideOfPath,
      dir * path.capType * 4.0 * flipIfTrue(isStartCap),
      isJoint
    );
    jointType = path.capType;
  }

#ifdef ANTIALIASING
  let coverageOffsetVec = offsetVec * coverageScale;
  var miterLength = dot(coverageOffsetVec, miterVec * turnDirection);
#else
  var miterLength = dot(offsetVec, miterVec * turnDirection);
#endif
  miterLength = select(miterLength, isJoint, isCap);

#ifdef ANTIALIASING
  let offsetFromStartOfPath = coverageOffsetVec + deltaA * select(0.0, 1.0, isEnd);
#else
  let offsetFromStartOfPath = offsetVec + deltaA * select(0.0, 1.0, isEnd);
#endif
  let pathPosition = vec2<f32>(
    dot(offsetFromStartOfPath, perp),
#ifdef DASH_ENABLED
    pathPositionOffset + dot(offsetFromStartOfPath, dir) * arcLengthRatio
#else
    dot(offsetFromStartOfPath, dir)
#endif
  );
  let isValid = step(f32(instanceTypes), 3.5);
#ifdef ANTIALIASING
  var offset = vec3<f32>(coverageOffsetVec * width * isValid, 0.0);
#else
  var offset = vec3<f32>(offsetVec * width * isValid, 0.0);
#endif

  if (path.billboard == 0.0 && rotationResult.needsRotation) {
    offset = rotationResult.transform * offset;
  }

#ifdef ANTIALIASING
  return JoinResult(
    offset, coverageOffsetVec, miterLength, pathPosition, pathLength, jointType
  );
#else
  return JoinResult(offset, offsetVec, miterLength, pathPosition, pathLength, jointType);
#endif
}

@vertex
fn vertexMain(attributes: Attributes) -> Varyings {
  var varyings: Varyings;

  geometry.pickingColor = picking_getPickingColorFromIndex(attributes.rowIndexes);

  let isEnd = attributes.positions.x;

  let prevPosition = mix(attributes.instanceLeftPositions, attributes.instanceStartPositions, isEnd);
  let prevPosition64Low = mix(
    attributes.instanceLeftPositions64Low,
    attributes.instanceStartPositions64Low,
    isEnd
  );
  let currPosition = mix(attributes.instanceStartPositions, attributes.instanceEndPositions, isEnd);
  let currPosition64Low = mix(
    attributes.instanceStartPositions64Low,
    attributes.instanceEndPositions64Low,
    isEnd
  );
  let nextPosition = mix(attributes.instanceEndPositions, attributes.instanceRightPositions, isEnd);
  let nextPosition64Low = mix(
    attributes.instanceEndPositions64Low,
    attributes.instanceRightPositions64Low,
    isEnd
  );

  geometry.worldPosition = currPosition;

  let widthPixels =
    clamp(
      project_unit_size_to_pixel(attributes.instanceStrokeWidths * path.widthScale, path.widthUnits),
      path.widthMinPixels,
      path.widthMaxPixels
    ) / 2.0;

  if (path.billboard != 0.0) {
#ifdef DASH_ENABLED
    let prevProjection = project_position_to_clipspace_and_commonspace(
      prevPosition, prevPosition64Low, ZERO_OFFSET
    );
    let nextProjection = project_position_to_clipspace_and_commonspace(
      nextPosition, nextPosition64Low, ZERO_OFFSET
    );
    let prevPositionCommon = prevProjection.commonPosition.xyz;
    let nextPositionCommon = nextProjection.commonPosition.xyz;
    var prevPositionScreen = prevProjection.clipPosition;
    var nextPositionScreen = nextProjection.clipPosition;
#else
    var prevPositionScreen = project_position_to_clipspace(
      prevPosition, prevPosition64Low, ZERO_OFFSET
    );
    var nextPositionScreen = project_position_to_clipspace(
      nextPosition, nextPosition64Low, ZERO_OFFSET
    );
#endif
    let currProjection = project_position_to_clipspace_and_commonspace(
      currPosition, currPosition64Low, ZERO_OFFSET
    );
    geometry.position = currProjection.commonPosition;
    var currPositionScreen = currProjection.clipPosition;
#ifdef DASH_ENABLED
    let currPositionCommon = currProjection.commonPosition.xyz;
    let sourcePathStartScreen = mix(currPositionScreen, prevPositionScreen, isEnd);
    let sourcePathEndScreen = mix(nextPositionScreen, currPositionScreen, isEnd);
    let billboardPathRange = getClippedPathRange(
      sourcePathStartScreen.w, sourcePathEndScreen.w
    );
#endif

    prevPositionScreen = clipLine(prevPositionScreen, currPositionScreen);
    nextPositionScreen = clipLine(nextPositionScreen, currPositionScreen);
    currPositionScreen = clipLine(currPositionScreen, mix(nextPositionScreen, prevPositionScreen, isEnd));

#ifdef ANTIALIASING
    let coverageScale = select(
      1.0,
      (widthPixels + 0.5 / project.devicePixelRatio) / max(widthPixels, 1e-6),
      widthPixels > 0.0
    );
#endif
#ifdef DASH_ENABLED
    let currentDeltaCommon = select(
      nextPositionCommon - currPositionCommon,
      currPositionCommon - prevPositionCommon,
      isEnd > 0.0
    );
    let billboardPathLength = select(
      0.0,
      length(currentDeltaCommon) * project.scale / (widthPixels * project.focalDistance),
      widthPixels > 0.0
    );
#endif
    let join = getLineJoinOffset(
      prevPositionScreen.xyz / prevPositionScreen.w,
      currPositionScreen.xyz / currPositionScreen.w,
      nextPositionScreen.xyz / nextPositionScreen.w,
      project_pixel_size_to_clipspace(vec2<f32>(widthPixels, widthPixels)),
#ifdef DASH_ENABLED
      billboardPathLength,
      billboardPathRange,
#endif
#ifdef ANTIALIASING
      coverageScale,
#endif
      attributes.positions,
      attributes.instanceTypes
    );
#ifdef DASH_ENABLED
    // Phase and justification use the complete source segment, while cap and joint coverage
    // must still recognize the endpoints moved by clipLine.
    varyings.vPathBounds = billboardPathLength * billboardPathRange;
#endif

    geometry.uv = join.pathPosition;
    varyings.position = vec4<f32>(
      currPositionScreen.xyz + join.offset * currPositionScreen.w,
      currPositionScreen.w
    );
    varyings.vCornerOffset = join.cornerOffset;
    varyings.vMiterLength = join.miterLength;
    varyings.vPathPosition = join.pathPosition;
    varyings.vPathLength = join.pathLength;
    varyings.vJointType = join.jointType;
  } else {
    let prevPositionCommon = project_position_vec3_f64(prevPosition, prevPosition64Low);
    let currPositionCommon = project_position_vec3_f64(currPosition, currPosition64Low);
    let nextPositionCommon = project_position_vec3_f64(nextPosition, nextPosition64Low);

    let width = vec2<f32>(
      project_pixel_size_float(widthPixels),
      project_pixel_size_float(widthPixels)
    );
#ifdef ANTIALIASING
    let coverageScale = select(
      1.0,
      (widthPixels + 0.5 / project.devicePixelRatio) / max(widthPixels, 1e-6),
      widthPixels > 0.0
    );
#endif
    let join = getLineJoinOffset(
      prevPositionCommon,
      currPositionCommon,
      nextPositionCommon,
      width,
#ifdef DASH_ENABLED
      1.0,
      vec2<f32>(0.0, 1.0),
#endif
#ifdef ANTIALIASING
      coverageScale,
#endif
      attributes.positions,
      attributes.instanceTypes
    );
#ifdef DASH_ENABLED
    varyings.vPathBounds = vec2<f32>(0.0, join.pathLength);
#endif

    geometry.position = vec4<f32>(currPositionCommon + join.offset, 1.0);
    geometry.uv = join.pathPosition;
    varyings.position = project_common_position_to_clipspace(geometry.position);
    varyings.vCornerOffset = join.cornerOffset;
    varyings.vMiterLength = join.miterLength;
    varyings.vPathPosition = join.pathPosition;
    varyings.vPathLength = join.pathLength;
    varyings.vJointType = join.jointType;
  }

  varyings.clipCoordinates = geometry.position.xy;
  clip_filterPosition(&varyings.position, geometry.worldPosition.xy);

  varyings.vColor = vec4<f32>(
    attributes.instanceColors.rgb,
    attributes.instanceColors.a * layer.opacity
  );
  return varyings;
}

@fragment
fn fragmentMain(varyings: Varyings) -> @location(0) vec4<f32> {
  geometry.uv = varyings.vPathPosition;

#ifdef ANTIALIASING
  // Coordinates of the outer silhouette, in units of half-width: rounded joints and caps are
  // bounded by the corner offset, everywhere else by the edge of the stroke. Dividing by the
  // screen-space derivative converts the distance to the boundary into device pixels, which stays
  // correct under perspective foreshortening and under extensions that rescale the stroke.
#ifdef DASH_ENABLED
  let isCorner =
    varyings.vPathPosition.y < varyings.vPathBounds.x ||
    varyings.vPathPosition.y > varyings.vPathBounds.y;
#else
  let isCorner = varyings.vPathPosition.y < 0.0 || varyings.vPathPosition.y > varyings.vPathLength;
#endif
  let isRound = varyings.vJointType > 0.5;

  // Distance to the silhouette in device pixels, from the derivative of the coordinate that
  // bounds it. Computed before the discards below: derivatives need uniform control flow and are
  // undefined after a discard in the quad. See dev-docs/RFCs/v9.4/analytic-antialiasing-rfc.md
  let bodyCoord = abs(varyings.vPathPosition.x);
  let cornerCoord = length(varyings.vCornerOffset);
  // Both evaluated so each derivative stays on one field across the corner/body boundary
  let bodyPixels = (1.0 - bodyCoord) / max(fwidth(bodyCoord), 1e-6);
  let cornerPixels = (1.0 - cornerCoord) / max(fwidth(cornerCoord), 1e-6);
#ifdef PATH_STYLE_OFFSET
  // Rounded corners still intersect the stroke-width envelope. Extensions may remap
  // vPathPosition.x independently of vCornerOffset, as PathStyleExtension does for offsets.
  let edgePixels = select(bodyPixels, min(cornerPixels, bodyPixels), isRound && isCorner);
#else
  let edgePixels = select(bodyPixels, cornerPixels, isRound && isCorner);
#endif

  // Fragments outside the coverage ramp must not write depth or picking colors.
  if (edgePixels <= -SMOOTH_EDGE_RADIUS) {
    discard;
  }

  if (isCorner) {
    if (!isRound && varyings.vMiterLength > path.miterLimit + 1.0) {
      discard;
    }
  }

  var color = varyings.vColor;

  // Feather one device pixel across the width only, before premultiplication. edgePixels is a
  // signed device-pixel distance and SMOOTH_EDGE_RADIUS is 0.5, so this ramps across one pixel.
  color.a *= smoothedge(0.0, edgePixels);
#else
#ifdef DASH_ENABLED
  if (
    varyings.vPathPosition.y < varyings.vPathBounds.x ||
    varyings.vPathPosition.y > varyings.vPathBounds.y
  ) {
#else
  if (
    varyings.vPathPosition.y < 0.0 ||
    varyings.vPathPosition.y > varyings.vPathLength
  ) {
#endif
    if (varyings.vJointType > 0.5 && length(varyings.vCornerOffset) > 1.0) {
      discard;
    }
    if (
      varyings.vJointType < 0.5 &&
      varyings.vMiterLength > path.miterLimit + 1.0
    ) {
      discard;
    }
  }
#endif

  // Fragment-layer injections that discard pixels must run after analytic coverage derivatives.
  // See TripsLayer, which rejects fragments outside of the active time window at this anchor.
  // DECKGL_FILTER_COLOR
  clip_filterColor(varyings.clipCoordinates);
#ifdef ANTIALIASING
  return deckgl_premultiplied_alpha(color);
#else
  return deckgl_premultiplied_alpha(varyings.vColor);
#endif
}
`;var qC=`#version 300 es
#define SHADER_NAME path-layer-vertex-shader
in vec2 positions;
in float instanceTypes;
in vec3 instanceStartPositions;
in vec3 instanceEndPositions;
in vec3 instanceLeftPositions;
in vec3 instanceRightPositions;
in vec3 instanceLeftPositions64Low;
in vec3 instanceStartPositions64Low;
in vec3 instanceEndPositions64Low;
in vec3 instanceRightPositions64Low;
in float instanceStrokeWidths;
in vec4 instanceColors;
in float rowIndexes;
uniform float opacity;
out vec4 vColor;
out vec2 vCornerOffset;
out float vMiterLength;
out vec2 vPathPosition;
out float vPathLength;
out float vJointType;
#ifdef DASH_ENABLED
out vec2 vPathBounds;
#endif
const float EPSILON = 0.001;
const vec3 ZERO_OFFSET = vec3(0.0);
float flipIfTrue(bool flag) {
return -(float(flag) * 2. - 1.);
}
vec3 getLineJoinOffset(
vec3 prevPoint, vec3 currPoint, vec3 nextPoint,
vec2 width
#ifdef DASH_ENABLED
, float sourcePathLength, vec2 sourcePathRange
#endif
#ifdef ANTIALIASING
, float coverageScale
#endif
) {
bool isEnd = positions.x > 0.0;
float sideOfPath = positions.y;
float isJoint = float(sideOfPath == 0.0);
vec3 deltaA3 = (currPoint - prevPoint);
vec3 deltaB3 = (nextPoint - currPoint);
mat3 rotationMatrix;
bool needsRotation = !path.billboard && project_needs_rotation(currPoint, rotationMatrix);
if (needsRotation) {
deltaA3 = deltaA3 * rotationMatrix;
deltaB3 = deltaB3 * rotationMatrix;
}
vec2 deltaA = deltaA3.xy / width;
vec2 deltaB = deltaB3.xy / width;
float lenA = length(deltaA);
float lenB = length(deltaB);
vec2 dirA = lenA > 0. ? normalize(deltaA) : vec2(0.0, 0.0);
vec2 dirB = lenB > 0. ? normalize(deltaB) : vec2(0.0, 0.0);
vec2 perpA = vec2(-dirA.y, dirA.x);
vec2 perpB = vec2(-dirB.y, dirB.x);
vec2 tangent = dirA + dirB;
tangent = length(tangent) > 0. ? normalize(tangent) : perpA;
vec2 miterVec = vec2(-tangent.y, tangent.x);
vec2 dir = isEnd ? dirA : dirB;
vec2 perp = isEnd ? perpA : perpB;
float L = isEnd ? lenA : lenB;
#ifdef DASH_ENABLED
vec3 currDelta3 = isEnd ? deltaA3 : deltaB3;
float currLength2D = length(currDelta3.xy);
float arcLengthRatio = 1.0;
float pathPositionOffset = 0.0;
float pathLength = L;
if (path.billboard) {
float visiblePathLength = sourcePathLength * (sourcePathRange.y - sourcePathRange.x);
arcLengthRatio = L > 0.0 ? visiblePathLength / L : 0.0;
pathPositionOffset = sourcePathLength * sourcePathRange.x;
pathLength = sourcePathLength;
} else if (currLength2D > 0.0) {
arcLengthRatio = length(currDelta3) / currLength2D;
pathLength = L * arcLengthRatio;
}
#endif
float sinHalfA = abs(dot(miterVec, perp));
float cosHalfA = abs(dot(dirA, miterVec));
float turnDirection = flipIfTrue(dirA.x * dirB.y >= dirA.y * dirB.x);
float cornerPosition = sideOfPath * turnDirection;
float miterSize = 1.0 / max(sinHalfA, EPSILON);
miterSize = mix(
min(miterSize, max(lenA, lenB) / max(cosHalfA, EPSILON)),
miterSize,
step(0.0, cornerPosition)
);
vec2 offsetVec = mix(miterVec * miterSize, perp, step(0.5, cornerPosition))
* (sideOfPath + isJoint * turnDirection);
bool isStartCap = lenA == 0.0 || (!isEnd && (instanceTypes == 1.0 || instanceTypes == 3.0));
bool isEndCap = lenB == 0.0 || (isEnd && (instanceTypes == 2.0 || instanceTypes == 3.0));
bool isCap = isStartCap || isEndCap;
if (isCap) {
offsetVec = mix(perp * sideOfPath, dir * path.capType * 4.0 * flipIfTrue(isStartCap), isJoint);
vJointType = path.capType;
} else {
vJointType = path.jointType;
}
#ifdef ANTIALIASING
vec2 coverageOffsetVec = offsetVec * coverageScale;
#ifdef DASH_ENABLED
vPathLength = pathLength;
#else
vPathLength = L;
#endif
vCornerOffset = coverageOffsetVec;
vMiterLength = dot(vCornerOffset, miterVec * turnDirection);
vMiterLength = isCap ? isJoint : vMiterLength;
vec2 offsetFromStartOfPath = coverageOffsetVec + deltaA * float(isEnd);
vPathPosition = vec2(
dot(offsetFromStartOfPath, perp),
#ifdef DASH_ENABLED
pathPositionOffset + dot(offsetFromStartOfPath, dir) * arcLengthRatio
#else
dot(offsetFromStartOfPath, dir)
#endif
);
geometry.uv = vPathPosition;
float isValid = step(instanceTypes, 3.5);
vec3 offset = vec3(coverageOffsetVec * width * isValid, 0.0);
#else
#ifdef DASH_ENABLED
vPathLength = pathLength;
#else
vPathLength = L;
#endif
vCornerOffset = offsetVec;
vMiterLength = dot(vCornerOffset, miterVec * turnDirection);
vMiterLength = isCap ? isJoint : vMiterLength;
vec2 offsetFromStartOfPath = vCornerOffset + deltaA * float(isEnd);
vPathPosition = vec2(
dot(offsetFromStartOfPath, perp),
#ifdef DASH_ENABLED
pathPositionOffset + dot(offsetFromStartOfPath, dir) * arcLengthRatio
#else
dot(offsetFromStartOfPath, dir)
#endif
);
geometry.uv = vPathPosition;
float isValid = step(instanceTypes, 3.5);
vec3 offset = vec3(offsetVec * width * isValid, 0.0);
#endif
if (needsRotation) {
offset = rotationMatrix * offset;
}
return offset;
}
void clipLine(inout vec4 position, vec4 refPosition) {
if (position.w < EPSILON) {
float r = (EPSILON - refPosition.w) / (position.w - refPosition.w);
position = refPosition + (position - refPosition) * r;
}
}
#ifdef DASH_ENABLED
vec2 getClippedPathRange(float startW, float endW) {
bool startClipped = startW < EPSILON;
bool endClipped = endW < EPSILON;
if (startClipped && endClipped) {
return vec2(0.0);
}
if (startClipped || endClipped) {
float intersection = clamp((EPSILON - startW) / (endW - startW), 0.0, 1.0);
return startClipped ? vec2(intersection, 1.0) : vec2(0.0, intersection);
}
return vec2(0.0, 1.0);
}
#endif
void main() {
geometry.pickingColor = picking_getPickingColorFromIndex(rowIndexes);
vColor = vec4(instanceColors.rgb, instanceColors.a * layer.opacity);
float isEnd = positions.x;
vec3 prevPosition = mix(instanceLeftPositions, instanceStartPositions, isEnd);
vec3 prevPosition64Low = mix(instanceLeftPositions64Low, instanceStartPositions64Low, isEnd);
vec3 currPosition = mix(instanceStartPositions, instanceEndPositions, isEnd);
vec3 currPosition64Low = mix(instanceStartPositions64Low, instanceEndPositions64Low, isEnd);
vec3 nextPosition = mix(instanceEndPositions, instanceRightPositions, isEnd);
vec3 nextPosition64Low = mix(instanceEndPositions64Low, instanceRightPositions64Low, isEnd);
geometry.worldPosition = currPosition;
vec2 widthPixels = vec2(clamp(
project_size_to_pixel(instanceStrokeWidths * path.widthScale, path.widthUnits),
path.widthMinPixels, path.widthMaxPixels) / 2.0);
vec3 width;
if (path.billboard) {
#ifdef DASH_ENABLED
vec4 prevPositionCommon;
vec4 nextPositionCommon;
vec4 prevPositionScreen = project_position_to_clipspace(
prevPosition, prevPosition64Low, ZERO_OFFSET, prevPositionCommon
);
#else
vec4 prevPositionScreen = project_position_to_clipspace(
prevPosition, prevPosition64Low, ZERO_OFFSET
);
#endif
vec4 currPositionScreen = project_position_to_clipspace(currPosition, currPosition64Low, ZERO_OFFSET, geometry.position);
#ifdef DASH_ENABLED
vec4 nextPositionScreen = project_position_to_clipspace(
nextPosition, nextPosition64Low, ZERO_OFFSET, nextPositionCommon
);
#else
vec4 nextPositionScreen = project_position_to_clipspace(
nextPosition, nextPosition64Low, ZERO_OFFSET
);
#endif
#ifdef DASH_ENABLED
vec4 sourcePathStartScreen = mix(currPositionScreen, prevPositionScreen, isEnd);
vec4 sourcePathEndScreen = mix(nextPositionScreen, currPositionScreen, isEnd);
vec2 billboardPathRange = getClippedPathRange(
sourcePathStartScreen.w, sourcePathEndScreen.w
);
#endif
clipLine(prevPositionScreen, currPositionScreen);
clipLine(nextPositionScreen, currPositionScreen);
clipLine(currPositionScreen, mix(nextPositionScreen, prevPositionScreen, isEnd));
width = vec3(widthPixels, 0.0);
DECKGL_FILTER_SIZE(width, geometry);
#ifdef ANTIALIASING
vec2 coveragePadding = vec2(0.5 / project.devicePixelRatio);
float coverageScale = length(width.xy) > 0.0
? length(width.xy + coveragePadding) / length(width.xy)
: 1.0;
#endif
#ifdef DASH_ENABLED
vec3 currentDeltaCommon = isEnd > 0.0
? geometry.position.xyz - prevPositionCommon.xyz
: nextPositionCommon.xyz - geometry.position.xyz;
float billboardPathLength = width.x > 0.0
? length(currentDeltaCommon) * project.scale / (width.x * project.focalDistance)
: 0.0;
#endif
vec3 offset = getLineJoinOffset(
prevPositionScreen.xyz / prevPositionScreen.w,
currPositionScreen.xyz / currPositionScreen.w,
nextPositionScreen.xyz / nextPositionScreen.w,
project_pixel_size_to_clipspace(width.xy)
#ifdef DASH_ENABLED
,
billboardPathLength, billboardPathRange
#endif
#ifdef ANTIALIASING
,
coverageScale
#endif
);
#ifdef DASH_ENABLED
vPathBounds = billboardPathLength * billboardPathRange;
#endif
DECKGL_FILTER_GL_POSITION(currPositionScreen, geometry);
gl_Position = vec4(currPositionScreen.xyz + offset * currPositionScreen.w, currPositionScreen.w);
} else {
prevPosition = project_position(prevPosition, prevPosition64Low);
currPosition = project_position(currPosition, currPosition64Low);
nextPosition = project_position(nextPosition, nextPosition64Low);
width = vec3(project_pixel_size(widthPixels), 0.0);
DECKGL_FILTER_SIZE(width, geometry);
#ifdef ANTIALIASING
vec2 coveragePadding = project_pixel_size(vec2(0.5 / project.devicePixelRatio));
float coverageScale = length(width.xy) > 0.0
? length(width.xy + coveragePadding) / length(width.xy)
: 1.0;
#endif
vec3 offset = getLineJoinOffset(
prevPosition, currPosition, nextPosition, width.xy
#ifdef DASH_ENABLED
, 1.0, vec2(0.0, 1.0)
#endif
#ifdef ANTIALIASING
, coverageScale
#endif
);
#ifdef DASH_ENABLED
vPathBounds = vec2(0.0, vPathLength);
#endif
geometry.position = vec4(currPosition + offset, 1.0);
gl_Position = project_common_position_to_clipspace(geometry.position);
DECKGL_FILTER_GL_POSITION(gl_Position, geometry);
}
DECKGL_FILTER_COLOR(vColor, geometry);
}
`;var ZC=`#version 300 es
#define SHADER_NAME path-layer-fragment-shader
precision highp float;
in vec4 vColor;
in vec2 vCornerOffset;
in float vMiterLength;
in vec2 vPathPosition;
in float vPathLength;
in float vJointType;
#ifdef DASH_ENABLED
in vec2 vPathBounds;
#endif
out vec4 fragColor;
void main(void) {
geometry.uv = vPathPosition;
#ifdef ANTIALIASING
#ifdef DASH_ENABLED
bool isCorner = vPathPosition.y < vPathBounds.x || vPathPosition.y > vPathBounds.y;
#else
bool isCorner = vPathPosition.y < 0.0 || vPathPosition.y > vPathLength;
#endif
bool isRound = vJointType > 0.5;
float bodyCoord = abs(vPathPosition.x);
float cornerCoord = length(vCornerOffset);
float bodyPixels = (1.0 - bodyCoord) / max(fwidth(bodyCoord), 1e-6);
float cornerPixels = (1.0 - cornerCoord) / max(fwidth(cornerCoord), 1e-6);
#ifdef PATH_STYLE_OFFSET
float edgePixels = isRound && isCorner ? min(cornerPixels, bodyPixels) : bodyPixels;
#else
float edgePixels = isRound && isCorner ? cornerPixels : bodyPixels;
#endif
if (edgePixels <= -SMOOTH_EDGE_RADIUS) {
discard;
}
if (isCorner) {
if (!isRound && vMiterLength > path.miterLimit + 1.0) {
discard;
}
}
fragColor = vColor;
fragColor.a *= smoothedge(0.0, edgePixels);
#else
#ifdef DASH_ENABLED
if (vPathPosition.y < vPathBounds.x || vPathPosition.y > vPathBounds.y) {
#else
if (vPathPosition.y < 0.0 || vPathPosition.y > vPathLength) {
#endif
if (vJointType > 0.5 && length(vCornerOffset) > 1.0) {
discard;
}
if (vJointType < 0.5 && vMiterLength > path.miterLimit + 1.0) {
discard;
}
}
fragColor = vColor;
#endif
DECKGL_FILTER_COLOR(fragColor, geometry);
}
`;var KC=[0,0,0,255],Mj={widthUnits:"meters",widthScale:{type:"number",min:0,value:1},widthMinPixels:{type:"number",min:0,value:0},widthMaxPixels:{type:"number",min:0,value:Number.MAX_SAFE_INTEGER},jointRounded:!1,capRounded:!1,miterLimit:{type:"number",min:0,value:4},antialiasing:!1,billboard:!1,_pathType:null,getPath:{type:"accessor",value:r=>r.path},getColor:{type:"accessor",value:KC},getWidth:{type:"accessor",value:1},rounded:{deprecatedFor:["jointRounded","capRounded"]}},Hx={enter:(r,e)=>e.length?e.subarray(e.length-r.length):r};function Rj(r){if(r.isGeospatial)return null;let{unitsPerMeter:e}=r.distanceScales;return[e[0],e[1],e[2]]}function XC(r,e){return r===e||!!(r&&e&&r.length===e.length&&r.every((t,n)=>t===e[n]))}var eu=class extends Gn{getShaders(){let{antialiasing:e}=this.props;return super.getShaders({vs:qC,fs:ZC,source:YC,defines:e?{ANTIALIASING:1}:{},modules:[fi,ai,di,HC,...this.context.device.type==="webgpu"?[uc]:[]]})}get wrapLongitude(){return!1}getBounds(){return this.context.device.type==="webgpu"?null:this.getAttributeManager()?.getBounds(["vertexPositions"])}getPathProjectionScale(e){let t=this.props.coordinateSystem;if(!!!this.getAttributeManager()?.getAttributes().instanceDashOffsets)return null;if(e instanceof bs&&e.zoom>=12&&(t==="default"||t==="lnglat"||t==="cartesian")){let s=ki.getUniforms({viewport:e,coordinateSystem:t,coordinateOrigin:this.props.coordinateOrigin,autoWrapLongitude:this.wrapLongitude});return[e.projectionMode,s.coordinateOrigin[1],s.commonOrigin[1],...s.commonUnitsPerWorldUnit,...s.commonUnitsPerWorldUnit2,s.commonUnitsPerMeter[2]]}let o=Rj(e);return o?[e.projectionMode,...o]:[e.projectionMode]}shouldUpdateState(e){let{viewport:t}=this.context;return super.shouldUpdateState(e)||this.state?.tessellationResolution!==t.resolution||!XC(this.state?.pathProjectionScale,this.getPathProjectionScale(t))}initializeState(){let t=this.context.device.type==="webgpu";this.getAttributeManager().addInstanced({...t?{pathPositions:{size:24,type:"float32",transition:!1,accessor:"getPath",update:this.calculateWebGPUPositions,shaderAttributes:{instanceLeftPositions:{size:3,elementOffset:0},instanceStartPositions:{size:3,elementOffset:3},instanceEndPositions:{size:3,elementOffset:6},instanceRightPositions:{size:3,elementOffset:9},instanceLeftPositions64Low:{size:3,elementOffset:12},instanceStartPositions64Low:{size:3,elementOffset:15},instanceEndPositions64Low:{size:3,elementOffset:18},instanceRightPositions64Low:{size:3,elementOffset:21}},noAlloc:!0}}:{vertexPositions:{size:3,vertexOffset:1,type:"float64",fp64:this.use64bitPositions(),transition:Hx,accessor:"getPath",update:this.calculatePositions,noAlloc:!0,shaderAttributes:{instanceLeftPositions:{vertexOffset:0},instanceStartPositions:{vertexOffset:1},instanceEndPositions:{vertexOffset:2},instanceRightPositions:{vertexOffset:3}}}},instanceTypes:{size:1,type:t?"float32":"uint8",update:this.calculateSegmentTypes,noAlloc:!0},instanceStrokeWidths:{size:1,accessor:"getWidth",transition:t?!1:Hx,defaultValue:1,bufferGroup:"path-instance-data"},instanceColors:{size:this.props.colorFormat.length,type:"unorm8",accessor:"getColor",transition:t?!1:Hx,defaultValue:KC,bufferGroup:"path-instance-data"},rowIndexes:{size:1,type:"uint32",accessor:(i,{index:o})=>i&&i.__source?i.__source.index:o,bufferGroup:"path-instance-data"}}),this.setState({pathTesselator:new Jf({fp64:this.use64bitPositions(),isWebGPU:t}),tessellationResolution:this.context.viewport.resolution,pathProjectionScale:this.getPathProjectionScale(this.context.viewport)})}updateState(e){super.updateState(e);let{props:t,oldProps:n,changeFlags:i}=e,o=this.getAttributeManager(),{viewport:s}=this.context,a=this.state.tessellationResolution!==s.resolution,c=this.getPathProjectionScale(s),l=!XC(this.state.pathProjectionScale,c),u=i.updateTriggersChanged&&(i.updateTriggersChanged.all||i.updateTriggersChanged.getPath)||t._pathType!==n._pathType||t.positionFormat!==n.positionFormat||t.wrapLongitude!==n.wrapLongitude||a;if(i.dataChanged||u){let{pathTesselator:h}=this.state,p=t.data.attributes||{};h.updateGeometry({data:t.data,geometryBuffer:p.getPath,buffers:p,normalize:!t._pathType,loop:t._pathType==="loop",getGeometry:t.getPath,positionFormat:t.positionFormat,wrapLongitude:t.wrapLongitude,resolution:s.resolution,dataChanged:u?void 0:i.dataChanged}),this.setState({numInstances:h.instanceCount,startIndices:h.vertexStarts,tessellationResolution:s.resolution,pathProjectionScale:c}),!i.dataChanged||u?o.invalidateAll():l&&o.invalidate("instanceDashOffsets")}else l&&(this.setState({pathProjectionScale:c}),o.invalidate("instanceDashOffsets"));(i.extensionsChanged||t.antialiasing!==n.antialiasing)&&(this.state.model?.destroy(),this.state.model=this._getModel(),o.invalidateAll())}getPickingInfo(e){let t=super.getPickingInfo(e),{index:n}=t,i=this.props.data;return i[0]&&i[0].__source&&(t.object=i.find(o=>o.__source.index===n)),t}disablePickingIndex(e){let t=this.props.data;if(t[0]&&t[0].__source)for(let n=0;n<t.length;n++)t[n].__source.index===e&&this._disablePickingIndex(n);else super.disablePickingIndex(e)}draw({uniforms:e}){let{jointRounded:t,capRounded:n,billboard:i,miterLimit:o,widthUnits:s,widthScale:a,widthMinPixels:c,widthMaxPixels:l}=this.props,f=this.state.model,u={jointType:Number(t),capType:Number(n),billboard:i,widthUnits:mn[s],widthScale:a,miterLimit:o,widthMinPixels:c,widthMaxPixels:l};f.shaderInputs.setProps({path:u}),f.draw(this.context.renderPass)}_getModel(){let e=[0,1,2,1,4,2,1,3,4,3,5,4],t=[0,0,0,-1,0,1,1,-1,1,1,1,0];return new qt(this.context.device,{...this.getShaders(),id:this.props.id,bufferLayout:this.getAttributeManager().getBufferLayouts(),geometry:new yn({topology:"triangle-list",attributes:{indices:new Uint16Array(e),positions:{value:new Float32Array(t),size:2}}}),isInstanced:!0})}calculatePositions(e){let{pathTesselator:t}=this.state;e.startIndices=t.vertexStarts,e.value=t.get("positions")}calculateSegmentTypes(e){let{pathTesselator:t}=this.state;e.startIndices=t.vertexStarts,e.value=t.get("segmentTypes")}calculateWebGPUPositions(e){let{pathTesselator:t}=this.state,n=t.get("positions");if(!n){e.value=null;return}let i=t.instanceCount,o=new Float32Array(i*24),s=[-1,0,1,2];for(let a=0;a<i;a++){let c=a*24;for(let l=0;l<4;l++){let f=a+s[l],u=c+l*3;for(let d=0;d<3;d++){let h=f>=0&&f<i?n[f*3+d]:0,p=Math.fround(h);o[u+d]=p,o[u+d+12]=h-p}}}e.startIndices=t.vertexStarts,e.value=o}};eu.defaultProps=Mj;eu.layerName="PathLayer";var QC=eu;ut();var cM=eR(nM(),1);var Yp=Up.CLOCKWISE,iM=Up.COUNTER_CLOCKWISE,To={isClosed:!0};function Yj(r){if(r=r&&r.positions||r,!Array.isArray(r)&&!ArrayBuffer.isView(r))throw new Error("invalid polygon")}function hc(r){return"positions"in r?r.positions:r}function iu(r){return"holeIndices"in r?r.holeIndices:null}function qj(r){return Array.isArray(r[0])}function Zj(r){return r.length>=1&&r[0].length>=2&&Number.isFinite(r[0][0])}function Xj(r){let e=r[0],t=r[r.length-1];return e[0]===t[0]&&e[1]===t[1]&&e[2]===t[2]}function Kj(r,e,t,n){for(let i=0;i<e;i++)if(r[t+i]!==r[n-e+i])return!1;return!0}function oM(r,e,t,n,i){let o=e,s=t.length;for(let a=0;a<s;a++)for(let c=0;c<n;c++)r[o++]=t[a][c]||0;if(!Xj(t))for(let a=0;a<n;a++)r[o++]=t[0][a]||0;return To.start=e,To.end=o,To.size=n,Yf(r,i,To),o}function sM(r,e,t,n,i=0,o,s){o=o||t.length;let a=o-i;if(a<=0)return e;let c=e;for(let l=0;l<a;l++)r[c++]=t[i+l];if(!Kj(t,n,i,o))for(let l=0;l<n;l++)r[c++]=t[i+l];return To.start=e,To.end=c,To.size=n,Yf(r,s,To),c}function qp(r,e){Yj(r);let t=[],n=[];if("positions"in r){let{positions:i,holeIndices:o}=r;if(o){let s=0;for(let a=0;a<=o.length;a++)s=sM(t,s,i,e,o[a-1],o[a],a===0?Yp:iM),n.push(s);return n.pop(),{positions:t,holeIndices:n}}r=i}if(!qj(r))return sM(t,0,r,e,0,t.length,Yp),t;if(!Zj(r)){let i=0;for(let[o,s]of r.entries())i=oM(t,i,s,e,o===0?Yp:iM),n.push(i);return n.pop(),{positions:t,holeIndices:n}}return oM(t,0,r,e,Yp),t}function Kx(r,e,t){let n=r.length/3,i=0;for(let o=0;o<n;o++){let s=(o+1)%n;i+=r[o*3+e]*r[s*3+t],i-=r[s*3+e]*r[o*3+t]}return Math.abs(i/2)}function aM(r,e,t,n){let i=r.length/3;for(let o=0;o<i;o++){let s=o*3,a=r[s+0],c=r[s+1],l=r[s+2];r[s+e]=a,r[s+t]=c,r[s+n]=l}}function lM(r,e,t,n){let i=iu(r);i&&(i=i.map(a=>a/e));let o=hc(r),s=n&&e===3;if(t){let a=o.length;o=o.slice();let c=[];for(let l=0;l<a;l+=e){c[0]=o[l],c[1]=o[l+1],s&&(c[2]=o[l+2]);let f=t(c);o[l]=f[0],o[l+1]=f[1],s&&(o[l+2]=f[2])}}if(s){let a=Kx(o,0,1),c=Kx(o,0,2),l=Kx(o,1,2);if(!a&&!c&&!l)return[];a>c&&a>l||(c>l?(t||(o=o.slice()),aM(o,0,2,1)):(t||(o=o.slice()),aM(o,2,0,1)))}return(0,cM.default)(o,i,e)}var ou=class extends Po{constructor(e){let{fp64:t,IndexType:n=Uint32Array}=e;super({...e,attributes:{positions:{size:3,type:t?Float64Array:Float32Array},vertexValid:{type:Uint16Array,size:1},indices:{type:n,size:1}}})}get(e){let{attributes:t}=this;return e==="indices"?t.indices&&t.indices.subarray(0,this.vertexCount):t[e]}updateGeometry(e){super.updateGeometry(e);let t=this.buffers.indices;if(t)this.vertexCount=(t.value||t).length;else if(this.data&&!this.getGeometry)throw new Error("missing indices buffer")}normalizeGeometry(e){if(this.normalize){let t=qp(e,this.positionSize);return this.opts.resolution?Kf(hc(t),iu(t),{size:this.positionSize,gridResolution:this.opts.resolution,edgeTypes:!0}):this.opts.wrapLongitude?jx(hc(t),iu(t),{size:this.positionSize,maxLatitude:86,edgeTypes:!0}):t}return e}getGeometrySize(e){if(uM(e)){let t=0;for(let n of e)t+=this.getGeometrySize(n);return t}return hc(e).length/this.positionSize}getGeometryFromBuffer(e){return this.normalize||!this.buffers.indices?super.getGeometryFromBuffer(e):null}updateGeometryAttributes(e,t){if(e&&uM(e))for(let n of e){let i=this.getGeometrySize(n);t.geometrySize=i,this.updateGeometryAttributes(n,t),t.vertexStart+=i,t.indexStart=this.indexStarts[t.geometryIndex+1]}else{let n=e;this._updateIndices(n,t),this._updatePositions(n,t),this._updateVertexValid(n,t)}}_updateIndices(e,{geometryIndex:t,vertexStart:n,indexStart:i}){let{attributes:o,indexStarts:s,typedArrayManager:a}=this,c=o.indices;if(!c||!e)return;let l=i,f=lM(e,this.positionSize,this.opts.preproject,this.opts.full3d);c=a.allocate(c,i+f.length,{copy:!0});for(let u=0;u<f.length;u++)c[l++]=f[u]+n;s[t+1]=i+f.length,o.indices=c}_updatePositions(e,{vertexStart:t,geometrySize:n}){let{attributes:{positions:i},positionSize:o}=this;if(!i||!e)return;let s=hc(e);for(let a=t,c=0;c<n;a++,c++){let l=s[c*o],f=s[c*o+1],u=o>2?s[c*o+2]:0;i[a*3]=l,i[a*3+1]=f,i[a*3+2]=u}}_updateVertexValid(e,{vertexStart:t,geometrySize:n}){let{positionSize:i}=this,o=this.attributes.vertexValid,s=e&&iu(e);if(e&&e.edgeTypes?o.set(e.edgeTypes,t):o.fill(1,t,t+n),s)for(let a=0;a<s.length;a++)o[t+s[a]/i-1]=0;o[t+n-1]=0}};function uM(r){return Array.isArray(r)&&r.length>0&&!Number.isFinite(r[0])}var Qj=`struct SolidPolygonUniforms {
  extruded: f32,
  isWireframe: f32,
  elevationScale: f32,
};

@group(0) @binding(auto) var<uniform> solidPolygon: SolidPolygonUniforms;
`,dM=`layout(std140) uniform solidPolygonUniforms {
  bool extruded;
  bool isWireframe;
  float elevationScale;
} solidPolygon;
`,hM={name:"solidPolygon",source:Qj,vs:dM,fs:dM,uniformTypes:{extruded:"f32",isWireframe:"f32",elevationScale:"f32"}};var Zp=`in vec4 fillColors;
in vec4 lineColors;
in float rowIndexes;
out vec4 vColor;
struct PolygonProps {
vec3 positions;
vec3 positions64Low;
vec3 normal;
float elevations;
};
vec3 project_offset_normal(vec3 vector) {
if (project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT ||
project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT_OFFSETS) {
return normalize(vector * project.commonUnitsPerWorldUnit);
}
return project_normal(vector);
}
void calculatePosition(PolygonProps props) {
vec3 pos = props.positions;
vec3 pos64Low = props.positions64Low;
vec3 normal = props.normal;
vec4 colors = solidPolygon.isWireframe ? lineColors : fillColors;
geometry.worldPosition = props.positions;
geometry.pickingColor = picking_getPickingColorFromIndex(rowIndexes);
if (solidPolygon.extruded) {
pos.z += props.elevations * solidPolygon.elevationScale;
}
gl_Position = project_position_to_clipspace(pos, pos64Low, vec3(0.), geometry.position);
DECKGL_FILTER_GL_POSITION(gl_Position, geometry);
if (solidPolygon.extruded) {
#ifdef IS_SIDE_VERTEX
normal = project_offset_normal(normal);
#else
normal = project_normal(normal);
#endif
geometry.normal = normal;
vec3 lightColor = lighting_getLightColor(colors.rgb, project.cameraPosition, geometry.position.xyz, geometry.normal);
vColor = vec4(lightColor, colors.a * layer.opacity);
} else {
vColor = vec4(colors.rgb, colors.a * layer.opacity);
}
DECKGL_FILTER_COLOR(vColor, geometry);
}
`;var pM=`#version 300 es
#define SHADER_NAME solid-polygon-layer-vertex-shader
in vec3 vertexPositions;
in vec3 vertexPositions64Low;
in float elevations;
${Zp}
void main(void) {
PolygonProps props;
props.positions = vertexPositions;
props.positions64Low = vertexPositions64Low;
props.elevations = elevations;
props.normal = vec3(0.0, 0.0, 1.0);
calculatePosition(props);
}
`;var mM=`#version 300 es
#define SHADER_NAME solid-polygon-layer-vertex-shader-side
#define IS_SIDE_VERTEX
in vec2 positions;
in vec3 vertexPositions;
in vec3 nextVertexPositions;
in vec3 vertexPositions64Low;
in vec3 nextVertexPositions64Low;
in float elevations;
in float instanceVertexValid;
${Zp}
void main(void) {
if(instanceVertexValid < 0.5){
gl_Position = vec4(0.);
return;
}
PolygonProps props;
vec3 pos;
vec3 pos64Low;
vec3 nextPos;
vec3 nextPos64Low;
#if RING_WINDING_ORDER_CW == 1
pos = vertexPositions;
pos64Low = vertexPositions64Low;
nextPos = nextVertexPositions;
nextPos64Low = nextVertexPositions64Low;
#else
pos = nextVertexPositions;
pos64Low = nextVertexPositions64Low;
nextPos = vertexPositions;
nextPos64Low = vertexPositions64Low;
#endif
props.positions = mix(pos, nextPos, positions.x);
props.positions64Low = mix(pos64Low, nextPos64Low, positions.x);
props.normal = vec3(
pos.y - nextPos.y + (pos64Low.y - nextPos64Low.y),
nextPos.x - pos.x + (nextPos64Low.x - pos64Low.x),
0.0);
props.elevations = elevations * positions.y;
calculatePosition(props);
}
`;var gM=`#version 300 es
#define SHADER_NAME solid-polygon-layer-fragment-shader
precision highp float;
in vec4 vColor;
out vec4 fragColor;
void main(void) {
fragColor = vColor;
geometry.uv = vec2(0.);
DECKGL_FILTER_COLOR(fragColor, geometry);
}
`;function yM(){return`fn project_offset_normal(vector: vec3<f32>) -> vec3<f32> {
  if (project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT ||
      project.coordinateSystem == COORDINATE_SYSTEM_LNGLAT_OFFSETS) {
    return normalize(vector * project.commonUnitsPerWorldUnit);
  }
  return project_normal(vector);
}

fn apply_polygon_color(
  colors: vec4<f32>,
  normal: vec3<f32>,
  position: vec4<f32>
) -> vec4<f32> {
  if (solidPolygon.extruded > 0.5) {
    let lightColor = lighting_getLightColor2(
      colors.rgb,
      project.cameraPosition,
      position.xyz,
      normal
    );
    return vec4<f32>(lightColor, colors.a * layer.opacity);
  }
  return vec4<f32>(colors.rgb, colors.a * layer.opacity);
}
`}function _M(){return`@fragment
fn fragmentMain(inp: Varyings) -> @location(0) vec4<f32> {
  geometry.uv = vec2<f32>(0.0, 0.0);

  clip_filterColor(inp.clipCoordinates);

  if (picking.isActive > 0.5) {
    if (!picking_isColorValid(inp.pickingColor)) {
      discard;
    }
    return vec4<f32>(inp.pickingColor, 1.0);
  }

  var fragColor = inp.vColor;

  if (picking.isHighlightActive > 0.5) {
    let highlightedObjectColor = picking_normalizeColor(picking.highlightedObjectColor);
    if (picking_isColorZero(abs(inp.pickingColor - highlightedObjectColor))) {
      let highLightAlpha = picking.highlightColor.a;
      let blendedAlpha = highLightAlpha + fragColor.a * (1.0 - highLightAlpha);
      if (blendedAlpha > 0.0) {
        let highLightRatio = highLightAlpha / blendedAlpha;
        fragColor = vec4<f32>(
          mix(fragColor.rgb, picking.highlightColor.rgb, highLightRatio),
          blendedAlpha
        );
      } else {
        fragColor = vec4<f32>(fragColor.rgb, 0.0);
      }
    }
  }

  return deckgl_premultiplied_alpha(fragColor);
}
`}function Jj(){return`${yM()}

struct Attributes {
  @location(0) vertexPositions: vec3<f32>,
  @location(1) vertexPositions64Low: vec3<f32>,
  @location(2) elevations: f32,
  @location(3) fillColors: vec4<f32>,
  @location(4) lineColors: vec4<f32>,
  @location(5) rowIndexes: u32,
};

struct Varyings {
  @builtin(position) position: vec4<f32>,
  @location(0) vColor: vec4<f32>,
  @location(1) pickingColor: vec3<f32>,
  @location(2) clipCoordinates: vec2<f32>,
};

@vertex
fn vertexMain(attributes: Attributes) -> Varyings {
  var outp: Varyings;

  var pos = attributes.vertexPositions;
  if (solidPolygon.extruded > 0.5) {
    pos.z += attributes.elevations * solidPolygon.elevationScale;
  }

  geometry.worldPosition = attributes.vertexPositions;
  geometry.pickingColor = picking_getPickingColorFromIndex(attributes.rowIndexes);

  let projectedPosition = project_position_to_clipspace_and_commonspace(
    pos,
    attributes.vertexPositions64Low,
    vec3<f32>(0.0)
  );
  geometry.position = projectedPosition.commonPosition;
  outp.position = projectedPosition.clipPosition;

  let normal = project_normal(vec3<f32>(0.0, 0.0, 1.0));
  geometry.normal = normal;

  let colors = select(
    attributes.fillColors,
    attributes.lineColors,
    solidPolygon.isWireframe > 0.5
  );
  outp.vColor = apply_polygon_color(colors, normal, geometry.position);
  outp.pickingColor = geometry.pickingColor;

  outp.clipCoordinates = geometry.position.xy;
  clip_filterPosition(&outp.position, geometry.worldPosition.xy);

  return outp;
}

${_M()}
`}function e5(r){return`const RING_WINDING_ORDER_CW: bool = ${r?"true":"false"};

${yM()}

struct Attributes {
  @location(0) positions: vec2<f32>,
  @location(1) vertexPositions: vec3<f32>,
  @location(2) vertexPositions64Low: vec3<f32>,
  @location(3) nextVertexPositions: vec3<f32>,
  @location(4) nextVertexPositions64Low: vec3<f32>,
  @location(5) vertexValid: f32,
  @location(6) elevations: f32,
  @location(7) fillColors: vec4<f32>,
  @location(8) lineColors: vec4<f32>,
  @location(9) rowIndexes: u32,
};

struct Varyings {
  @builtin(position) position: vec4<f32>,
  @location(0) vColor: vec4<f32>,
  @location(1) pickingColor: vec3<f32>,
  @location(2) clipCoordinates: vec2<f32>,
};

@vertex
fn vertexMain(attributes: Attributes) -> Varyings {
  var outp: Varyings;
  outp.position = vec4<f32>(0.0);
  outp.vColor = vec4<f32>(0.0);
  outp.pickingColor = picking_getPickingColorFromIndex(attributes.rowIndexes);
  outp.clipCoordinates = vec2<f32>(0.0);

  if (attributes.vertexValid < 0.5) {
    return outp;
  }

  let pos = select(attributes.nextVertexPositions, attributes.vertexPositions, RING_WINDING_ORDER_CW);
  let pos64Low = select(
    attributes.nextVertexPositions64Low,
    attributes.vertexPositions64Low,
    RING_WINDING_ORDER_CW
  );
  let nextPos = select(attributes.vertexPositions, attributes.nextVertexPositions, RING_WINDING_ORDER_CW);
  let nextPos64Low = select(
    attributes.vertexPositions64Low,
    attributes.nextVertexPositions64Low,
    RING_WINDING_ORDER_CW
  );

  let position = mix(pos, nextPos, attributes.positions.x);
  let position64Low = mix(pos64Low, nextPos64Low, attributes.positions.x);

  var worldPosition = position;
  if (solidPolygon.extruded > 0.5) {
    worldPosition.z += attributes.elevations * attributes.positions.y * solidPolygon.elevationScale;
  }

  geometry.worldPosition = position;
  geometry.pickingColor = picking_getPickingColorFromIndex(attributes.rowIndexes);

  let projectedPosition = project_position_to_clipspace_and_commonspace(
    worldPosition,
    position64Low,
    vec3<f32>(0.0)
  );
  geometry.position = projectedPosition.commonPosition;
  outp.position = projectedPosition.clipPosition;

  let normal = project_offset_normal(vec3<f32>(
    pos.y - nextPos.y + (pos64Low.y - nextPos64Low.y),
    nextPos.x - pos.x + (nextPos64Low.x - pos64Low.x),
    0.0
  ));
  geometry.normal = normal;

  let colors = select(
    attributes.fillColors,
    attributes.lineColors,
    solidPolygon.isWireframe > 0.5
  );
  outp.vColor = apply_polygon_color(colors, normal, geometry.position);
  outp.pickingColor = geometry.pickingColor;

  outp.clipCoordinates = geometry.position.xy;
  clip_filterPosition(&outp.position, geometry.worldPosition.xy);

  return outp;
}

${_M()}
`}function bM(r,e){return r==="top"?Jj():e5(e)}var Kp=[0,0,0,255],t5={filled:!0,extruded:!1,wireframe:!1,_normalize:!0,_windingOrder:"CW",_full3d:!1,elevationScale:{type:"number",min:0,value:1},getPolygon:{type:"accessor",value:r=>r.polygon},getElevation:{type:"accessor",value:1e3},getFillColor:{type:"accessor",value:Kp},getLineColor:{type:"accessor",value:Kp},material:!0},Xp={enter:(r,e)=>e.length?e.subarray(e.length-r.length):r},su=class extends Gn{getShaders(e){let t=!this.props._normalize&&this.props._windingOrder==="CCW"?0:1;return super.getShaders({vs:e==="top"?pM:mM,fs:gM,source:bM(e,!!t),defines:{RING_WINDING_ORDER_CW:t},modules:[fi,ai,Ta,di,hM,...this.context.device.type==="webgpu"?[uc]:[]]})}get wrapLongitude(){return!1}getBounds(){return this.getAttributeManager()?.getBounds(["vertexPositions"])}initializeState(){let{viewport:e}=this.context,{coordinateSystem:t}=this.props,{_full3d:n}=this.props;e.isGeospatial&&t==="default"&&(t="lnglat");let i;t==="lnglat"&&(n?i=e.projectPosition.bind(e):i=e.projectFlat.bind(e)),this.setState({numInstances:0,polygonTesselator:new ou({preproject:i,fp64:this.use64bitPositions(),IndexType:Uint32Array})});let o=this.getAttributeManager(),s=!0,a=this.context.device.type==="webgpu";o.add({indices:{size:1,isIndexed:!0,update:this.calculateIndices,noAlloc:s},vertexPositions:{size:3,type:"float64",stepMode:"dynamic",fp64:this.use64bitPositions(),transition:Xp,accessor:"getPolygon",update:this.calculatePositions,noAlloc:s,...a?{}:{shaderAttributes:{nextVertexPositions:{vertexOffset:1}}}},...a?{nextVertexPositions:{size:3,type:"float64",stepMode:"dynamic",fp64:this.use64bitPositions(),transition:!1,update:this.calculateNextPositions,noAlloc:s}}:{},[a?"vertexValid":"instanceVertexValid"]:{size:1,type:a?"float32":"uint16",stepMode:"instance",update:this.calculateVertexValid,noAlloc:s},elevations:{size:1,stepMode:"dynamic",transition:Xp,accessor:"getElevation",bufferGroup:"solid-polygon-instance-data"},fillColors:{size:this.props.colorFormat.length,type:"unorm8",stepMode:"dynamic",transition:Xp,accessor:"getFillColor",defaultValue:Kp,bufferGroup:"solid-polygon-instance-data"},lineColors:{size:this.props.colorFormat.length,type:"unorm8",stepMode:"dynamic",transition:Xp,accessor:"getLineColor",defaultValue:Kp,bufferGroup:"solid-polygon-instance-data"},rowIndexes:{size:1,type:"uint32",stepMode:"dynamic",accessor:(c,{index:l})=>c&&c.__source?c.__source.index:l,bufferGroup:"solid-polygon-instance-data"}})}getPickingInfo(e){let t=super.getPickingInfo(e),{index:n}=t,i=this.props.data;return i[0]&&i[0].__source&&(t.object=i.find(o=>o.__source.index===n)),t}disablePickingIndex(e){let t=this.props.data;if(t[0]&&t[0].__source)for(let n=0;n<t.length;n++)t[n].__source.index===e&&this._disablePickingIndex(n);else super.disablePickingIndex(e)}draw({uniforms:e}){let{extruded:t,filled:n,wireframe:i,elevationScale:o}=this.props,{topModel:s,sideModel:a,wireframeModel:c,polygonTesselator:l}=this.state,f={extruded:!!t,elevationScale:o,isWireframe:!1};c&&i&&(c.setInstanceCount(l.instanceCount-1),c.shaderInputs.setProps({solidPolygon:{...f,isWireframe:!0}}),c.draw(this.context.renderPass)),a&&n&&(a.setInstanceCount(l.instanceCount-1),a.shaderInputs.setProps({solidPolygon:f}),a.draw(this.context.renderPass)),s&&n&&(s.setVertexCount(l.vertexCount),s.shaderInputs.setProps({solidPolygon:f}),s.draw(this.context.renderPass))}updateState(e){super.updateState(e),this.updateGeometry(e);let{props:t,oldProps:n,changeFlags:i}=e,o=this.getAttributeManager();(i.extensionsChanged||t.filled!==n.filled||t.extruded!==n.extruded)&&(this.state.models?.forEach(a=>a.destroy()),this.setState(this._getModels()),o.invalidateAll())}updateGeometry({props:e,oldProps:t,changeFlags:n}){if(n.dataChanged||n.updateTriggersChanged&&(n.updateTriggersChanged.all||n.updateTriggersChanged.getPolygon)){let{polygonTesselator:o}=this.state,s=e.data.attributes||{};o.updateGeometry({data:e.data,normalize:e._normalize,geometryBuffer:s.getPolygon,buffers:this.context.device.type==="webgpu"?{...s}:s,getGeometry:e.getPolygon,positionFormat:e.positionFormat,wrapLongitude:e.wrapLongitude,resolution:this.context.viewport.resolution,fp64:this.use64bitPositions(),dataChanged:n.dataChanged,full3d:e._full3d}),this.setState({numInstances:o.instanceCount,startIndices:o.vertexStarts}),n.dataChanged||this.getAttributeManager().invalidateAll()}}_getModels(){let{id:e,filled:t,extruded:n}=this.props,i,o,s;if(t){let a=this.getShaders("top");a.defines={...a.defines,NON_INSTANCED_MODEL:1};let c=this.getAttributeManager().getBufferLayouts({isInstanced:!1});this.context.device.type==="webgpu"&&(c=c.filter(l=>l.name!=="indices"&&l.name!=="vertexValid"&&l.name!=="instanceVertexValid"&&l.name!=="nextVertexPositions")),i=new qt(this.context.device,{...a,id:`${e}-top`,topology:"triangle-list",bufferLayout:c,isIndexed:!0,userData:{excludeAttributes:{vertexValid:!0,instanceVertexValid:!0,nextVertexPositions:!0}}})}if(n){let a=this.getAttributeManager().getBufferLayouts({isInstanced:!0});this.context.device.type==="webgpu"&&(a=a.filter(c=>c.name!=="indices")),o=new qt(this.context.device,{...this.getShaders("side"),id:`${e}-side`,bufferLayout:a,geometry:new yn({topology:"triangle-strip",attributes:{positions:{size:2,value:new Float32Array([1,0,0,0,1,1,0,1])}}}),isInstanced:!0,userData:{excludeAttributes:{indices:!0}}}),s=new qt(this.context.device,{...this.getShaders("side"),id:`${e}-wireframe`,bufferLayout:a,geometry:new yn({topology:"line-strip",attributes:{positions:{size:2,value:new Float32Array([1,0,0,0,0,1,1,1])}}}),isInstanced:!0,userData:{excludeAttributes:{indices:!0}}})}return{models:[o,s,i].filter(Boolean),topModel:i,sideModel:o,wireframeModel:s}}calculateIndices(e){let{polygonTesselator:t}=this.state;e.startIndices=t.indexStarts,e.value=t.get("indices")}calculatePositions(e){let{polygonTesselator:t}=this.state;e.startIndices=t.vertexStarts;let n=this.props.data.attributes?.getPolygon;if(this.context.device.type==="webgpu"&&ArrayBuffer.isView(n?.value)){let{value:i,size:o=3,offset:s=0,stride:a}=n,c=s/i.BYTES_PER_ELEMENT,l=a?a/i.BYTES_PER_ELEMENT:o,f=new Float64Array(t.instanceCount*3);for(let u=0;u<t.instanceCount;u++){let d=c+u*l,h=u*3;f[h]=i[d],f[h+1]=i[d+1],f[h+2]=o>2?i[d+2]:0}e.value=f;return}e.value=t.get("positions")}calculateVertexValid(e){let t=this.props.data.attributes?.instanceVertexValid?.value,n=this.context.device.type==="webgpu"&&t?t:this.state.polygonTesselator.get("vertexValid");e.value=this.context.device.type==="webgpu"&&n?Float32Array.from(n):n}calculateNextPositions(e){let{polygonTesselator:t}=this.state,n=this.getAttributeManager().getAttributes(),i=n.vertexPositions.value,o=this.props.data.attributes?.instanceVertexValid?.value||n.vertexValid?.value||t.get("vertexValid");if(e.startIndices=t.vertexStarts,!i){e.value=i;return}let s=i.length/3,a=new i.constructor(i.length);for(let c=0;c<s;c++){let l=c*3,f=o?.[c]&&c+1<s?l+3:l;for(let u=0;u<3;u++)a[l+u]=i[f+u]}e.value=a}};su.defaultProps=t5;su.layerName="SolidPolygonLayer";var xM=su;function vM({data:r,getIndex:e,dataRange:t,replace:n}){let{startRow:i=0,endRow:o=1/0}=t,s=r.length,a=s,c=s;for(let d=0;d<s;d++){let h=e(r[d]);if(a>d&&h>=i&&(a=d),h>=o){c=d;break}}let l=a,u=c-a!==n.length?r.slice(c):void 0;for(let d=0;d<n.length;d++)r[l++]=n[d];if(u){for(let d=0;d<u.length;d++)r[l++]=u[d];r.length=l}return{startRow:a,endRow:a+n.length}}var wM=[0,0,0,255],r5=[0,0,0,255],n5={stroked:!0,filled:!0,extruded:!1,elevationScale:1,wireframe:!1,_normalize:!0,_windingOrder:"CW",lineWidthUnits:"meters",lineWidthScale:1,lineWidthMinPixels:0,lineWidthMaxPixels:Number.MAX_SAFE_INTEGER,lineJointRounded:!1,lineMiterLimit:4,lineAntialiasing:!1,getPolygon:{type:"accessor",value:r=>r.polygon},getFillColor:{type:"accessor",value:r5},getLineColor:{type:"accessor",value:wM},getLineWidth:{type:"accessor",value:1},getElevation:{type:"accessor",value:1e3},material:!0},au=class extends Fx{initializeState(){this.state={paths:[],pathsDiff:null},this.props.getLineDashArray&&pe.removed("getLineDashArray","PathStyleExtension")()}updateState({changeFlags:e}){let t=e.dataChanged||e.updateTriggersChanged&&(e.updateTriggersChanged.all||e.updateTriggersChanged.getPolygon);if(t&&Array.isArray(e.dataChanged)){let n=this.state.paths.slice(),i=e.dataChanged.map(o=>vM({data:n,getIndex:s=>s.__source.index,dataRange:o,replace:this._getPaths(o)}));this.setState({paths:n,pathsDiff:i})}else t&&this.setState({paths:this._getPaths(),pathsDiff:null})}_getPaths(e={}){let{data:t,getPolygon:n,positionFormat:i,_normalize:o}=this.props,s=[],a=i==="XY"?2:3,{startRow:c,endRow:l}=e,{iterable:f,objectInfo:u}=Ms(t,c,l);for(let d of f){u.index++;let h=n(d,u);o&&(h=qp(h,a));let{holeIndices:p}=h,g=h.positions||h;if(p)for(let y=0;y<=p.length;y++){let w=g.slice(p[y-1]||0,p[y]||g.length);s.push(this.getSubLayerRow({path:w},d,u.index))}else s.push(this.getSubLayerRow({path:g},d,u.index))}return s}renderLayers(){let{data:e,_dataDiff:t,stroked:n,filled:i,extruded:o,wireframe:s,_normalize:a,_windingOrder:c,elevationScale:l,transitions:f,positionFormat:u}=this.props,{lineWidthUnits:d,lineWidthScale:h,lineWidthMinPixels:p,lineWidthMaxPixels:g,lineJointRounded:y,lineMiterLimit:w,lineAntialiasing:x,lineDashJustified:b}=this.props,{getFillColor:v,getLineColor:T,getLineWidth:L,getLineDashArray:D,getElevation:B,getPolygon:F,updateTriggers:M,material:N}=this.props,{paths:G,pathsDiff:O}=this.state,$=this.getSubLayerClass("fill",xM),H=this.getSubLayerClass("stroke",QC),te=this.shouldRenderSubLayer("fill",G)&&new $({_dataDiff:t,extruded:o,elevationScale:l,filled:i,wireframe:s,_normalize:a,_windingOrder:c,getElevation:B,getFillColor:v,getLineColor:o&&s?T:wM,material:N,transitions:f},this.getSubLayerProps({id:"fill",updateTriggers:M&&{getPolygon:M.getPolygon,getElevation:M.getElevation,getFillColor:M.getFillColor,lineColors:o&&s,getLineColor:M.getLineColor}}),{data:e,positionFormat:u,getPolygon:F}),X=!o&&n&&this.shouldRenderSubLayer("stroke",G)&&new H({_dataDiff:O&&(()=>O),widthUnits:d,widthScale:h,widthMinPixels:p,widthMaxPixels:g,jointRounded:y,miterLimit:w,antialiasing:x,dashJustified:b,_pathType:"loop",transitions:f&&{getWidth:f.getLineWidth,getColor:f.getLineColor,getPath:f.getPolygon},getColor:this.getSubLayerAccessor(T),getWidth:this.getSubLayerAccessor(L),getDashArray:this.getSubLayerAccessor(D)},this.getSubLayerProps({id:"stroke",updateTriggers:M&&{getWidth:M.getLineWidth,getColor:M.getLineColor,getDashArray:M.getLineDashArray}}),{data:G,positionFormat:u,getPath:Ne=>Ne.path});return[!o&&te,X,o&&te]}};au.layerName="PolygonLayer";au.defaultProps=n5;var Qx=au;var Jx=[0,158,115],e0=[213,94,0],t0=[140,140,140],EM={lost:[255,214,10],folded:[86,180,233],moved:[204,121,167]},i5=2e4,o5=120,s5=2048,cu=(r,e)=>(e<<24|r[2]<<16|r[1]<<8|r[0])>>>0,Qp=class{constructor(e,t,n,i,o){this.place=e,this.points=new Float32Array(0),this.n=0,this.small={...n,cells:null},this.picture=new ImageData(n.columns,n.rows),this.factor=t.overview_factor,[this.height,this.width]=t.shape,this.regions=t.regions,this.radius=Math.max(1,.32*Math.sqrt(this.width*this.height/Math.max(t.n_cells,1))),this.near=[],this.part=null;let s=Math.log2(Math.min(e.clientWidth/this.width,e.clientHeight/this.height)*.97);this.deck=new ex({parent:e,views:new Gx({flipY:!0}),initialViewState:{target:[this.width/2,this.height/2,0],zoom:s,minZoom:s-1,maxZoom:5},controller:{keyboard:!1,doubleClickZoom:!1},useDevicePixels:!1,getCursor:()=>"crosshair",onViewStateChange:()=>{clearTimeout(this.waiting),this.waiting=setTimeout(()=>this.look(),o5)},onClick:a=>{!this.lassoing&&a.coordinate&&i(a.coordinate[0],a.coordinate[1])},layers:[]}),this.prepareLasso(o)}fill(e,t){this.points=e,this.n=e.length/2,this.small.cells=t}paintClasses(e){let t=new Uint32Array(this.picture.data.buffer),n=Uint32Array.of(0,cu(Jx,165),cu(e0,165),cu(t0,165));for(let i=0;i<t.length;i++)t[i]=n[e[i]];this.texture=new ImageData(this.picture.data,this.picture.width)}prepareLasso(e){let t=document.createElementNS("http://www.w3.org/2000/svg","svg"),n=document.createElementNS("http://www.w3.org/2000/svg","polyline");t.append(n),t.classList.add("lasso"),this.place.append(t),this.paper=t;let i=[];t.addEventListener("pointerdown",o=>{i=[],t.setPointerCapture(o.pointerId)}),t.addEventListener("pointermove",o=>{if(!(o.buttons&1))return;let s=t.getBoundingClientRect();i.push([o.clientX-s.left,o.clientY-s.top]),n.setAttribute("points",i.join(" "))}),t.addEventListener("pointerup",()=>{n.setAttribute("points",""),i.length>2&&e(i.map(o=>this.deck.getViewports()[0].unproject(o)))})}lasso(e){this.lassoing=e,this.paper.classList.toggle("on",e)}inside(e){let t=e.map(s=>s[0]),n=e.map(s=>s[1]),i=[Math.min(...t),Math.max(...t),Math.min(...n),Math.max(...n)],o=[];for(let s=0;s<this.n;s++){let a=this.points[2*s],c=this.points[2*s+1];if(a<i[0]||a>i[1]||c<i[2]||c>i[3])continue;let l=!1;for(let f=0,u=e.length-1;f<e.length;u=f++)n[f]>c!=n[u]>c&&a<(t[u]-t[f])*(c-n[f])/(n[u]-n[f])+t[f]&&(l=!l);l&&o.push(s)}return o}toneOf(e){let t=this.values[e];return t>=this.threshold?Jx:t<this.threshold?e0:t0}paint(e,t,n){Object.assign(this,{values:e,threshold:t,selection:n});let i=new Uint32Array(this.picture.data.buffer),[o,s,a]=[Jx,e0,t0].map(l=>[cu(l,165),cu(l,40)]),{cells:c}=this.small;for(let l=0;l<c.length;l++){let f=c[l];if(f<0){i[l]=0;continue}let u=e[f],d=n&&!n[f]?1:0;i[l]=(u>=t?o:u<t?s:a)[d]}this.texture=new ImageData(this.picture.data,this.picture.width)}look(){let[e]=this.deck.getViewports(),[t,n]=e.unproject([0,0]),[i,o]=e.unproject([e.width,e.height]),s=(i-t)*(o-n)/(this.width*this.height),a=[];if(this.factor>2&&this.n*s<i5)for(let l=0;l<this.n;l++){let f=this.points[2*l],u=this.points[2*l+1];f>=t&&f<=i&&u>=n&&u<=o&&a.push(l)}let c=this.choosePart(t,n,i,o,e.width);!a.length&&!this.near.length&&c?.name===this.part?.name||(this.near=a,this.part=c,this.draw(this.drawn))}choosePart(e,t,n,i,o){let s=1;for(;2*s<=(n-e)/o;)s*=2;if(s>=this.factor)return null;let[a,c]=[t,e].map(u=>Math.max(0,Math.floor(u/s)*s)),[l,f]=[[a,i,this.height],[c,n,this.width]].map(([u,d,h])=>Math.min(Math.ceil((d-u)/s),Math.floor((h-u)/s),s5));return l<1||f<1?null:{name:new URLSearchParams({y:a,x:c,rows:l,columns:f,factor:s}).toString(),bounds:[c-.5,a+l*s-.5,c+f*s-.5,a-.5]}}draw(e){this.drawn=e;let{cycle:t,chosen:n,light:i,cells:o}=e,s=[-.5,this.small.rows*this.factor-.5,this.small.columns*this.factor-.5,-.5],a=this.regions.filter(l=>l.properties.cycle===t).flatMap(l=>l.geometry.coordinates.map(f=>({rings:f,kind:l.properties.kind}))),c={minFilter:"linear",magFilter:"nearest"};this.deck.setProps({layers:[i&&new Wf({id:`light${t}`,image:`api/light?cycle=${t}`,bounds:s}),i&&this.part&&new Wf({id:`part${t} ${this.part.name}`,image:`api/part?cycle=${t}&${this.part.name}`,bounds:this.part.bounds}),o&&new Wf({id:"cells",image:this.texture,bounds:s,textureParameters:c}),o&&this.near.length&&new Hf({id:"near",data:this.near,getPosition:l=>[this.points[2*l],this.points[2*l+1]],getFillColor:l=>this.toneOf(l),getRadius:this.radius,radiusUnits:"common",opacity:.9,updateTriggers:{getFillColor:[this.threshold,this.values,this.selection]}}),a.length&&new Qx({id:`regions${t}`,filled:!1,stroked:!0,getLineColor:l=>EM[l.kind]??EM.lost,lineWidthUnits:"pixels",getLineWidth:2,data:a,getPolygon:l=>l.rings}),n&&new Hf({id:"chosen",data:[n],getPosition:l=>[l.x,l.y],filled:!1,stroked:!0,getLineColor:[255,255,255],lineWidthUnits:"pixels",getLineWidth:3,radiusUnits:"pixels",getRadius:11}),n&&new Hf({id:"chosen inner",data:[n],getPosition:l=>[l.x,l.y],filled:!1,stroked:!0,getLineColor:[0,0,0],lineWidthUnits:"pixels",getLineWidth:1.5,radiusUnits:"pixels",getRadius:12})]})}};var pc=80;async function PM(r,e){let{n_cells:t,n_cycles:n}=e,i=Ys(),o=(I,Y,le,ve)=>Number.isFinite(I)&&I>=Y&&I<=le?I:ve,s={cycle:o(parseInt(i.cycle,10),1,n,Math.min(2,n)),threshold:o(parseFloat(i.threshold),-1,1,e.threshold),cell:null,selection:null,selected:null,values:null,least:null,light:!0,cells:!0},a=I=>{let Y=e.verdicts?.[I-1]??"ok";return Y==="ok"?"":Y.replaceAll("_"," ")},c=I=>(e.channels?.[I-1]??[]).join(", "),l=I=>{let Y=e.names[I-1];return Y===`cycle ${I}`||e.channels?.[I-1]?.includes(Y)?"":Y},f=I=>c(I)||l(I),u=async I=>new Float64Array(await(await sn("column",{cycle:I})).arrayBuffer()),d=await sn("overview",{cycle:s.cycle,threshold:s.threshold}),h={rows:Number(d.headers.get("X-Rows")),columns:Number(d.headers.get("X-Columns"))},p={cycle:s.cycle,threshold:s.threshold,counts:JSON.parse(d.headers.get("X-Counts")),classes:new Uint8Array(await d.arrayBuffer())},g,y=new Promise(I=>{g=async()=>{try{let[Y,le,ve]=await Promise.all([sn("points"),sn("map"),u(p.cycle)].map(async ge=>{let Se=await ge;return Se instanceof Float64Array?Se:Se.arrayBuffer()}));Lr(ve),ce.fill(new Float32Array(Y),new Int32Array(le)),I(),s.threshold===p.threshold&&s.cycle===p.cycle?ce.paint(s.values,s.threshold,null):Rt(),ce.look(),r.dataset.loaded="yes"}catch(Y){Ye(Y)}}}),w=q("p",{role:"status",id:"counts"}),x=q("select",{id:"cycle",onchange:()=>_t(Number(x.value))},...e.names.map((I,Y)=>q("option",{value:Y+1},(f(Y+1)?`${Y+1}: ${f(Y+1)}`:`cycle ${Y+1}`)+(a(Y+1)&&" (missing)")))),b=q("input",{id:"threshold",type:"range",min:-1,max:1,step:.001,oninput:()=>Ut(Number(b.value))}),v=q("output",{for:"threshold",id:"threshold-value"}),T=q("div",{class:"map",role:"img","aria-label":"Map of the slide; cells can also be picked by their number"}),L=q("input",{type:"checkbox",id:"lasso",onchange:()=>ce.lasso(L.checked)}),D=q("input",{type:"checkbox",checked:!0,onchange:()=>{s.light=D.checked,Me()}}),B=q("input",{type:"checkbox",checked:!0,onchange:()=>{s.cells=B.checked,Me()}}),F=st("Clear selection","Count all cells again",()=>$n(null)),M=q("input",{type:"text",inputmode:"numeric",size:10,autocomplete:"off",id:"cell-id",onchange:()=>{Pe(M.value.trim()),M.blur()}}),N=q("dl",{class:"facts",id:"facts"}),G=q("p",{role:"alert",class:"wrong",hidden:!0}),O=q("div",{class:"tiles",id:"tiles"}),$=q("div",{class:"chart"}),H=q("div",{class:"chart"}),te=q("input",{type:"text",size:40,autocomplete:"off",spellcheck:"false","aria-label":"File, or the folder that it lies in now",placeholder:"file, or the folder that it lies in now",onkeydown:I=>{I.key==="Enter"&&Xt()}}),X=q("span",{id:"question",class:"wrong",role:"alert"}),Ne=q("p",{class:"tools",id:"asking",hidden:!0},X,te,st("Look there","Look for the images in this place",()=>Xt())),Ee=q("code",{id:"again"}),xe=q("p",{},st("Kept cells (CSV)","Cells that every cycle up to this one kept",()=>en("kept","kept.csv"))," ",e.has_labels&&st("Kept labels (TIFF)","The image of labels with these cells alone",()=>en("labels","kept.tif")));r.append(q("header",{},q("h1",{},e.folder),yr("Cycle",x),w),G,Ne,q("div",{class:"columns"},q("section",{"aria-label":"Slide"},T,q("p",{class:"tools"},yr("Nuclei",D),yr("Cells",B),yr("Lasso",L),F,q("span",{class:"key"},q("i",{class:"kept"}),"kept ",q("i",{class:"lost"}),"lost ",q("i",{class:"unknown"}),"unknown ",...["lost","folded","moved"].flatMap(I=>[q("i",{class:`region ${I}`}),`region ${I} `])))),q("section",{"aria-label":"Threshold and cell"},q("h2",{},"Correlation with the first cycle"),H,q("p",{class:"tools"},yr("Threshold",b),v,st("As found",e.threshold_from,()=>Ut(e.threshold))),xe,q("h2",{},"Cell"),q("p",{class:"tools"},yr("Number",M),st("Previous","Key p",()=>Mr(-1)),st("Next","Key n",()=>Mr(1)),st("Random","Key r",me),st("Next worst","Key w",J)),N,$,q("p",{class:"tools small"},"This cell again, for whoever has the folder:",Ee,st("Copy","Copy the command",()=>navigator.clipboard.writeText(Ee.textContent).catch(Ye))))),q("section",{"aria-label":"Pixels of the cell"},O),q("p",{class:"small"},`Keys: n next, p previous, r random, w next worst, arrows: cycle. Threshold as found: ${e.threshold_from}. `+(e.slack?`Correlations are the best of ${2*e.slack+1} x ${2*e.slack+1} shifts of each cell. `:"")+"Bands of the chart, and boxes where a cycle stands alone: 5 to 95 and 25 to 75 per cent of all cells, and their median."));let Ae=(e.residuals??[]).flatMap((I,Y)=>I&&I.p90_px>1&&!a(Y+1)?[`cycle ${Y+1} by ${I.median_px.toFixed(1)} px in the median, ${I.p90_px.toFixed(1)} in a tenth of it`]:[]);Ae.length&&r.append(q("p",{class:"small",id:"off"},`Still off after registration: ${Ae.join("; ")}. Tissue that bends is registered by --register piecewise.`));let ce=new Qp(T,e,h,async(I,Y)=>{Zt("at",{x:I,y:Y})},async I=>{await y,$n(ce.inside(I))}),Q=Array.from({length:pc},(I,Y)=>-1+2*(Y+.5)/pc),nt=Ic(H,{height:170,scales:{x:{time:!1,range:[-1,1]},y:{range:(I,Y,le)=>[0,le||1]}},axes:[Ji("correlation"),Ji("cells",{size:78,values:(I,Y)=>Y.map(le=>le.toLocaleString("en"))})],series:[{},{paths:Pt.paths.bars({size:[1]}),fill:()=>Et("--lost"),points:{show:!1}},{paths:Pt.paths.bars({size:[1]}),fill:()=>Et("--kept"),points:{show:!1}}],hooks:{draw:[Wm(()=>s.threshold,"--text")]}},[Q,Q.map(()=>0),Q.map(()=>0)]);Oc(nt,I=>Ut(Math.min(1,Math.max(-1,I))));let Be=iw(e,a),{cycles:Ce,bands:be}=Be;Object.assign($.dataset,{alone:Be.alone,missing:Be.missing});let at=Ic($,{height:200,scales:{x:{time:!1,range:[.8,n+.2]},y:{range:(I,Y)=>[Math.min(-.1,Y-.05),1.03]}},axes:[Ji("cycle",{incrs:[1,2,5,10,20]}),Ji("correlation",{size:48})],series:[{},...be.map((I,Y)=>({stroke:()=>Et("--population"),width:Y===4?2:0,dash:Y===4?[6,4]:[],points:{show:!1}})),{stroke:()=>Et("--text"),width:2,points:{size:8,fill:()=>Et("--text")}}],bands:[{series:[2,1],fill:()=>Et("--band-wide")},{series:[4,3],fill:()=>Et("--band")}],hooks:{drawAxes:[sw(Be),ow(Be)],draw:[Wm(()=>s.cycle,"--accent")]}},[Ce,...be,Ce.map(()=>null)]);Oc(at,I=>_t(Math.min(n,Math.max(1,Math.round(I)))));function Ye(I){G.textContent=I?I.message:"",G.hidden=!I}function Me(){ce.draw({cycle:s.cycle,chosen:s.cell,light:s.light,cells:s.cells})}function Rt(){if(!s.values)return void y.then(Rt);let I=new Float64Array(pc),Y=new Float64Array(pc),le=0,ve=0,ge=0;for(let Se=0;Se<t;Se++){if(s.selection&&!s.selection[Se])continue;le++;let ze=s.values[Se];if(s.least[Se]>=s.threshold&&ve++,Number.isNaN(ze)){ge++;continue}let It=Math.min(pc-1,Math.max(0,Math.floor((ze+1)/2*pc)));ze>=s.threshold?Y[It]++:I[It]++}lr({n:le,kept:Y,lost:I,through:ve,unknown:ge}),ce.paint(s.values,s.threshold,s.selection),Me()}function lr({n:I,kept:Y,lost:le,through:ve,unknown:ge}){let Se=Y.reduce((It,Rr)=>It+Rr,0),ze=It=>`${It.toLocaleString("en")} (${I?(100*It/I).toFixed(1):"0.0"} %)`;w.textContent=`${s.selection?"Of the selected ":"Of "}${I.toLocaleString("en")} ${I===1?"cell":"cells"} cycle ${s.cycle} kept ${ze(Se)}, all cycles up to it ${ze(ve)}; unknown: ${ge.toLocaleString("en")}.`,Object.assign(w.dataset,{kept:Se,through:ve,unknown:ge,cells:I}),nt.setData([Q,Array.from(le),Array.from(Y)])}async function _t(I){if(I===s.cycle)return;s.cycle=I,await y;let Y=await u(I);s.cycle===I&&(Lr(Y),Ar(I),Rt())}let Lr=I=>{[s.values,s.least,s.worst]=[I.subarray(0,t),I.subarray(t),-1]};function Ar(I){x.value=I,xt(),at.redraw(),it();for(let Y of O.children)Y.toggleAttribute("aria-current",Number(Y.dataset.cycle)===I)}let Cr=0;function Ut(I){s.threshold=I,b.value=I,v.textContent=I.toFixed(3),cancelAnimationFrame(Cr),Cr=requestAnimationFrame(()=>{Rt(),xt(),it()})}function $n(I){if(s.selected=I,s.selection=null,I){s.selection=new Uint8Array(t);for(let Y of I)s.selection[Y]=1}F.disabled=!I,s.worst=-1,Rt()}async function en(I,Y){try{let le=s.selected?{rows:s.selected}:void 0;await Pc(await sn(I,{cycle:s.cycle,threshold:s.threshold},le),Y),Ye(null)}catch(le){Ye(le)}}function it(){yu({cell:s.cell?.cell,cycle:s.cycle,threshold:s.threshold}),Ee.textContent=`holdstill view "${e.folder}${location.hash}"`}let fr={},ur=()=>s.selected??null;function Mr(I){let Y=ur(),le=fr.row??s.cell?.row;if(!Y)return qe((((le??-I)+I)%t+t)%t);let ve=Y.indexOf(le),ge=ve<0&&I<0?Y.length:ve;return Y.length?qe(Y[((ge+I)%Y.length+Y.length)%Y.length]):void 0}function me(){let I=ur();if(!(I&&!I.length))return qe(I?I[Math.floor(Math.random()*I.length)]:Math.floor(Math.random()*t))}async function J(){await y;let{values:I,selection:Y}=s,le=(Se,ze)=>{let It=-1;for(let Rr=0;Rr<t;Rr++){let Ao=I[Rr];Y&&!Y[Rr]||!(Ao>Se||Ao===Se&&Rr>ze)||(It<0||Ao<I[It])&&(It=Rr)}return It},ve=s.worst??-1,ge=ve<0?le(-1/0,-1):le(I[ve],ve);return ge<0&&(ge=le(-1/0,-1)),s.worst=ge,ge<0?void 0:qe(ge)}async function Pe(I){return Zt("cell",{id:I})}let qe=I=>Zt("cell",{row:I});async function Zt(I,Y){let le=fr=Y,ve=gr("tiles",Y);ve.catch(()=>{});try{let ge=await gr(I,Y);le===fr&&(fr={},tn(ge,ve))}catch(ge){le===fr&&(fr={},Ye(ge))}}function tn(I,Y){Ye(null),s.cell=I,M.value=I.cell,at.setData([Ce,...be,I.correlation_first]),xt(),it(),rn(I,Y).then(Me)}let ct=["contrast of the first cycle","contrast of its own"];O.append(...Ce.map(I=>q("figure",{"data-cycle":I},q("figcaption",{title:l(I)||null},q("b",{},`${I}`),f(I)&&` ${f(I)}`),q("div",{class:"pair"}),q("p",{class:"verdict"}))));async function rn(I,Y){O.dataset.cell="";try{for(let le=1;le<=n;){let ve=await(le===1?Y:gr("tiles",{id:I.cell,from:le}));if(s.cell!==I)return;O.style.setProperty("--outline",ve.outline?`url(${ve.outline})`:"none"),Tt(ve.asks),ve.tiles.forEach((ge,Se)=>bt(I,le+Se,ge)),le+=ve.tiles.length}O.dataset.cell=I.cell}catch(le){Ye(le)}}function Tt(I){X.textContent=I[0]??"",Ne.hidden=!I.length}async function Xt(){try{let I=await gr("place",{},{place:te.value});Ye(null),te.value="",Tt(I.asks),s.cell&&rn(s.cell,gr("tiles",{id:s.cell.cell}))}catch(I){Ye(I)}}function bt(I,Y,le){let ve=O.children[Y-1].querySelector(".pair"),ge=le.error?"cannot be read":a(Y)&&(a(Y)==="blank"?"missing: shows nothing (blank)":`missing: not registered (${a(Y)})`);ve.replaceChildren(...ge?[q("span",{class:"none",title:le.error??"Where its pixels lie is not known"},ge)]:[le.first,le.own].map((Se,ze)=>q("span",{class:"tile",title:ct[ze]},q("img",{src:Se,alt:`Cell ${I.cell} in cycle ${Y}, ${ct[ze]}`}))))}function xt(){if(!s.cell)return;let{cell:I}=s;for(let Se of O.children){let ze=I.correlation_first[Se.dataset.cycle-1],It=ze===null?"unknown":ze>=s.threshold?"kept":"lost";Se.className=It,Se.toggleAttribute("aria-current",Number(Se.dataset.cycle)===s.cycle);let Rr=a(Number(Se.dataset.cycle))?"unknown":"no signal, or not shown";Se.querySelector(".verdict").textContent=ze===null?Rr:`${It}  r = ${Gr(ze)}`}let Y=I.correlation_first.findIndex((Se,ze)=>!(Se>=s.threshold)&&I.mean[ze]!==null&&!a(ze+1)),le=[["number",I.cell],["area",`${I.area.toLocaleString("en")} px`],["at y, x",`${Gr(I.y,1)}, ${Gr(I.x,1)} px`],["first lost",I.correlation_first[0]===null?"unknown":Y<0?"never":`in cycle ${Y+1}`],[`in cycle ${s.cycle}`,`r = ${Gr(I.correlation_first[s.cycle-1],4)}, with the previous ${Gr(I.correlation_previous[s.cycle-1],4)}`]],[ve,ge]=[c(s.cycle),l(s.cycle)];ve&&le.push(["stained in it",ve]),ge&&le.push(["image of it",ge]),N.replaceChildren(...le.flatMap(([Se,ze])=>[q("dt",{},Se),q("dd",{},ze)]))}_u({n:()=>Mr(1),p:()=>Mr(-1),r:me,w:J,ArrowRight:()=>_t(Math.min(n,s.cycle+1)),ArrowLeft:()=>_t(Math.max(1,s.cycle-1))}),addEventListener("hashchange",()=>{let I=Ys(),Y=o(parseInt(I.cycle,10),1,n,s.cycle);Ut(o(parseFloat(I.threshold),-1,1,s.threshold)),_t(Y),I.cell&&I.cell!==s.cell?.cell&&Pe(I.cell)}),F.disabled=!0,b.value=s.threshold,v.textContent=s.threshold.toFixed(3);let Lo=i.cell?Pe(i.cell):qe(0);lr({n:t,...p.counts}),ce.paintClasses(p.classes),Ar(p.cycle),Tt(e.asks),Me(),await Lo,requestAnimationFrame(()=>setTimeout(g))}async function a5(){let r=document.getElementById("page");try{let e=await gr("summary");document.title=`${e.folder??e.name} - holdstill`,r.replaceChildren(),await(e.kind==="movie"?nw:PM)(r,e),r.dataset.ready="yes"}catch(e){r.replaceChildren(q("p",{role:"alert",class:"wrong"},e.message))}}a5();})();
