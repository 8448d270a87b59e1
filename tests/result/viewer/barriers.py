"""What axe-core finds serious in a page; the script comes with `npm ci` in tools/viewer."""

from pathlib import Path

AXE = Path(__file__).parents[3] / "tools" / "viewer" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = """axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact))
    .map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' ')))"""
