"""How the report looks, on a light screen, on a dark one and on paper."""

__all__ = ["CSS"]

CSS = """
:root { color-scheme: light dark; --ink: #1d2326; --soft: #5f6a71; --rule: #8a9499; --line: #dde2e4; --paper: #fbfbf9;
  --accent: #1f6f8b; --axis-z: #6b7a1f; --axis-y: #1f6f8b; --axis-x: #c8553d; --score: #5b5f97; --flag: #b98900; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e8eaea; --soft: #a3adb2; --rule: #79848a; --line: #343b3f; --paper: #16191b; --accent: #6fb3c8;
    --axis-z: #b3c35c; --axis-y: #62b4cf; --axis-x: #e98a75; --score: #a4a8e0; --flag: #e8bd3c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
.brand { margin: 0; color: var(--accent); font-weight: 600; letter-spacing: .04em; }
h1 { margin: .1rem 0 .3rem; font-size: 1.7rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.6rem 0 .8rem; font-size: 1.15rem; }
header p { margin: 0; color: var(--soft); }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); margin: 1.8rem 0 0;
  padding: .4rem 0; border: 1px solid var(--line); border-radius: 8px; }
.numbers div { padding: .6rem 1rem; }
dt { color: var(--soft); font-size: .82rem; }
dd { margin: .15rem 0 0; font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dd small { display: block; font-size: .82rem; font-weight: 400; color: var(--soft); }
figure { margin: 0 0 1.4rem; }
figure svg { width: 100%; height: auto; display: block; }
svg text { font-family: system-ui, "Segoe UI", sans-serif !important; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1.2rem; }
.motion { display: grid; grid-template-columns: 5fr 7fr; gap: 0 2rem; }
@media (max-width: 760px) { .motion { grid-template-columns: 1fr; } .motion .path { max-width: 27rem; }
  .drift svg text { font-size: 10.5px !important; } }
img { width: 100%; display: block; border-radius: 6px; background: #000; }
figcaption { margin-top: .4rem; color: var(--soft); font-size: .88rem; max-width: 46rem; }
figcaption b { color: var(--ink); font-weight: 600; }
.prose { max-width: 46rem; }
.note { color: var(--soft); font-size: .88rem; }
.refs { color: var(--soft); font-size: .88rem; max-width: 46rem; padding-left: 1.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 500; white-space: nowrap; }
.provenance td { overflow-wrap: anywhere; }
@media print { body { background: #fff; font-size: 11pt; } main { max-width: none; padding: 0; }
  figure, .numbers, tr { break-inside: avoid; } h2 { break-after: avoid; } .scroll { overflow: visible; } }
"""
