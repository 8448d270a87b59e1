"""How the report looks, on a light screen, on a dark one and on paper."""

__all__ = ["CSS"]

CSS = """
:root { color-scheme: light dark; --ink: #1d2326; --soft: #566067; --rule: #8a9499; --line: #dde2e4; --paper: #fbfbf9;
  --panel: #f1f3f2; --accent: #1b637d; --axis-z: #5f6d14; --axis-y: #1b637d; --axis-x: #b8432c; --score: #5b5f97;
  --flag: #b98900; --good: #1d7a4d; --bad: #b3261e; --unsure: #8a6100; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e8eaea; --soft: #a9b3b8; --rule: #79848a; --line: #343b3f; --paper: #16191b; --panel: #1f2427;
    --accent: #74b8cd; --axis-z: #b3c35c; --axis-y: #62b4cf; --axis-x: #e98a75; --score: #a4a8e0; --flag: #e8bd3c;
    --good: #5cc48f; --bad: #ff8f86; --unsure: #e8bd3c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
.brand { margin: 0; color: var(--accent); font-weight: 600; letter-spacing: .04em; }
h1 { margin: .1rem 0 .6rem; font-size: 1.7rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.6rem 0 .8rem; font-size: 1.15rem; }
h3 { margin: 1.4rem 0 .3rem; font-size: 1rem; }
.answer { margin: 0; padding: .7rem 1rem; font-size: 1.12rem; background: var(--panel);
  border-left: 5px solid var(--soft); border-radius: 4px; max-width: 56rem; }
.answer.yes, .answer.unneeded { border-color: var(--good); } .answer.no { border-color: var(--bad); }
.answer.partly { border-color: var(--unsure); }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); margin: 1.4rem 0 0;
  padding: .4rem 0; border: 1px solid var(--line); border-radius: 8px; }
.numbers div { padding: .6rem 1rem; }
dt { color: var(--soft); font-size: .82rem; }
dd { margin: .15rem 0 0; font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dd small { display: block; font-size: .82rem; font-weight: 400; color: var(--soft); }
figure { margin: 0 0 1.4rem; }
figure svg { width: 100%; height: auto; display: block; }
svg text { font-family: system-ui, "Segoe UI", sans-serif !important; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1.2rem; }
.pair > figure:only-child { max-width: 34rem; }
.pair.four { grid-template-columns: repeat(4, 1fr); }
.matches { margin-top: 1.2rem; } .matches path { stroke: #ffd60a; stroke-width: 1; fill: none; opacity: .75;
  vector-effect: non-scaling-stroke; }
.bending { max-width: 34rem; } .bending svg { border-radius: 6px; background: #000; }
.bending image { opacity: .45; } .bending path { fill: none; stroke: #ffd60a; stroke-width: 1.6; stroke-linecap: round;
  vector-effect: non-scaling-stroke; }
.points { max-width: 46rem; } .points rect { fill: var(--panel); }
.points path { fill: none; stroke-width: 1.3; stroke-linejoin: round; stroke-linecap: round;
  vector-effect: non-scaling-stroke; }
.points path.zero { stroke: var(--line); }
.points .of-z { stroke: var(--axis-z); } .points .of-y { stroke: var(--axis-y); }
.points .of-x { stroke: var(--axis-x); }
.points .band { stroke: none; opacity: .22; } .points .band.of-z { fill: var(--axis-z); }
.points .band.of-y { fill: var(--axis-y); } .points .band.of-x { fill: var(--axis-x); }
.on-z { color: var(--axis-z); } .on-y { color: var(--axis-y); } .on-x { color: var(--axis-x); }
.option { white-space: nowrap; }
.motion { display: grid; grid-template-columns: 5fr 7fr; gap: 0 2rem; align-items: end; }
@media (max-width: 760px) { .pair.four { grid-template-columns: 1fr 1fr; } }
@media screen and (max-width: 760px) { .motion { grid-template-columns: 1fr; } .motion .path { max-width: 27rem; } }
img { width: 100%; display: block; border-radius: 6px; background: #000; }
.kymographs img { height: 14rem; image-rendering: pixelated; }
figcaption { margin-top: .4rem; color: var(--soft); font-size: .88rem; max-width: 46rem; }
figcaption b { color: var(--ink); font-weight: 600; }
.how, .chart { display: none; }
.scripted .how { display: inline; }
.compare { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.compare input, .compare .tag { display: none; }
.prose { max-width: 46rem; }
.note { color: var(--soft); font-size: .88rem; }
.refs { color: var(--soft); font-size: .88rem; max-width: 46rem; padding-left: 1.2rem; }
.scroll { overflow-x: auto; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--panel);
  padding: .7rem 1rem; border-radius: 6px; font-size: .88rem; }
button { font: inherit; font-size: .88rem; color: var(--accent); background: none; border: 1px solid var(--rule);
  border-radius: 5px; padding: .1rem .6rem; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.flagged { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 1rem; }
.flagged li { background: var(--panel); padding: .6rem; border-radius: 6px; }
.flagged div { display: flex; gap: .5rem; margin-top: .5rem; }
.flagged figure { margin: 0; width: clamp(4.6rem, 12vw, 6.2rem); }
.flagged img { image-rendering: pixelated; border-radius: 3px; } .flagged figcaption { margin: 0; }
.flagged small { display: block; margin-top: .3rem; color: var(--soft); }
details { margin-top: .8rem; } summary { cursor: pointer; color: var(--accent); width: fit-content; }
.frames { display: flex; flex-wrap: wrap; gap: .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 500; white-space: nowrap; }
.provenance td { overflow-wrap: anywhere; }
@media screen { .flagged b { display: none; }
  .scripted .static { display: none; } .scripted .chart { display: block; overflow: hidden; }
  .scripted .compare { position: relative; display: block; max-width: 48rem; --at: 50%; }
  .scripted .compare .over { position: absolute; inset: 0; height: 100%; clip-path: inset(0 0 0 var(--at)); }
  .scripted .compare::after { content: ""; position: absolute; top: 0; bottom: 0; left: var(--at); width: 2px;
    margin-left: -1px; background: #fff; box-shadow: 0 0 0 1px #0008; pointer-events: none; }
  .scripted .compare .tag { display: block; position: absolute; top: .6rem; padding: 0 .5rem; border-radius: 4px;
    background: #000a; color: #fff; font-size: .82rem; pointer-events: none; }
  .compare .left { left: .6rem; } .compare .right { right: .6rem; }
  .scripted .compare input { display: block; position: absolute; inset: 0 -14px; width: calc(100% + 28px); height: 100%;
    margin: 0; appearance: none; background: none; cursor: ew-resize; }
  .compare input::-webkit-slider-thumb { appearance: none; width: 28px; height: 44px; border-radius: 8px;
    border: 2px solid #fff; background: #000a; box-shadow: 0 0 0 1px #0008; }
  .compare input::-moz-range-thumb { width: 24px; height: 40px; border-radius: 8px; border: 2px solid #fff;
    background: #000a; }
  .compare:focus-within { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 6px; }
  .compare input:focus-visible { outline: none; }
  .u-legend { text-align: left; font-size: .85rem; } .u-legend tr[hidden] { display: none !important; }
  .u-legend td { font-variant-numeric: tabular-nums; }
}
@page { margin: 14mm; }
@media print { body { background: #fff; font-size: 11pt; } main { max-width: none; padding: 0; }
  button, .how, .scripted .how { display: none !important; }
  figure, .numbers, tr, li { break-inside: avoid; }
  details { display: none; }
  h2, h3 { break-after: avoid; margin-top: 1.4rem; } .scroll { overflow: visible; }
  .static { max-width: 40rem; } .pair > figure:only-child { max-width: 20rem; }
  .kymographs img { height: 9rem; } * { print-color-adjust: exact; } }
"""
