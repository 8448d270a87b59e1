"""How the report looks."""

__all__ = ["CSS"]

CSS = """
:root { --ink: #1d2326; --soft: #667078; --line: #dde2e4; --paper: #fbfbf9; --accent: #1f6f8b;
  color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaea; --soft: #9aa4aa; --line: #343b3f; --paper: #16191b; --accent: #6fb3c8; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
.brand { margin: 0; color: var(--accent); font-weight: 600; letter-spacing: .04em; }
h1 { margin: .1rem 0 .3rem; font-size: 1.7rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.6rem 0 .8rem; font-size: 1.15rem; }
header p { margin: 0; color: var(--soft); }
.numbers { display: flex; flex-wrap: wrap; margin: 1.8rem 0 0; border: 1px solid var(--line); border-radius: 8px; }
.numbers div { flex: 1 1 11rem; padding: .9rem 1rem; }
dt { color: var(--soft); font-size: .82rem; }
dd { margin: .15rem 0 0; font-size: 1.2rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dd small { display: block; font-size: .82rem; font-weight: 400; color: var(--soft); }
figure { margin: 0 0 1.4rem; }
figure svg { width: 100%; height: auto; display: block; }
figure.small { max-width: 27rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1.2rem; }
img { width: 100%; display: block; border-radius: 6px; image-rendering: auto; background: #000; }
figcaption { margin-top: .4rem; color: var(--soft); font-size: .88rem; max-width: 46rem; }
figcaption b { color: var(--ink); font-weight: 600; }
.prose { max-width: 46rem; }
.refs { color: var(--soft); font-size: .88rem; max-width: 46rem; padding-left: 1.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 500; white-space: nowrap; }
.provenance td { overflow-wrap: anywhere; }
@media print { body { background: #fff; } main { padding: 0; } section { break-inside: avoid; } }
"""
