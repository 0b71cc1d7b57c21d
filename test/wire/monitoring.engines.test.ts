/** The dashboard and the alert rules ask for metrics and labels that there are. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type TestBelfry, startBelfry } from '../support/belfry.ts'
import { givenAssignable } from '../support/given.ts'
import { root } from '../support/process.ts'

interface Dashboard {
  panels: { id: number; type: string; title: string; targets?: { expr: string }[] }[]
  templating: { list: { name: string; query: string | { query: string } }[] }
}

interface Rules {
  groups: { name: string; rules: Rule[] }[]
}

interface Rule {
  alert: string
  expr: string
  for: string
  labels: { severity: string }
  annotations: { summary: string; description: string }
}

const read = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8')
const dashboard = JSON.parse(read('grafana/belfry.json')) as Dashboard
const rules = (parse(read('prometheus/alerts.yaml')) as Rules).groups.flatMap((group) => group.rules)

/** Metrics with the labels they have. */
let known: Map<string, Set<string>>

beforeAll(async () => {
  const belfry = await startBelfry()
  await givenAssignable(belfry, await belfry.tenant())
  known = await scrape(belfry)
})

async function scrape({ url }: TestBelfry) {
  const found = new Map<string, Set<string>>([['up', new Set()]])
  const text = await (await fetch(`${url}/metrics`)).text()
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z]\w*)(?:\{(.*)\})? /gm)) {
    const seen = found.get(name) ?? new Set()
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) seen.add(label)
    found.set(name, seen)
  }
  // Of what has not happened there is no sample; its labels stand in the reference.
  for (const [, name = '', labels = ''] of read('../docs/reference/metrics.md').matchAll(
    /^\| `(\w+)` \| \w+ \| ([^|]*) \|/gm,
  ))
    if (text.includes(`# TYPE ${name} `) && !found.has(name) && !found.has(`${name}_count`))
      found.set(name, new Set(labels.split(', ')))
  return found
}

/** What Prometheus adds to each sample; where a metric has such a label itself, it is called `exported_…`. */
const ofTarget = new Set(['job', 'instance'])

/** Each metric of an expression, with the labels it is asked by: in braces, and in the `by` before it. */
function asked(expr: string): [metric: string, labels: string[]][] {
  const by = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) =>
    labels.split(',').map((it) => it.trim()),
  )
  const selectors = [...expr.matchAll(/\b((?:belfry|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g)]
  return selectors.map(([, metric = '', inBraces = '']) => {
    const labels = [...inBraces.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label = '']) => label)
    return [metric, [...labels, ...by]]
  })
}

function assertKnown(expr: string) {
  const found = asked(expr)
  expect(found, expr).not.toEqual([])
  for (const [metric, labels] of found) {
    const has = known.get(metric)
    expect(has, `${metric} in ${expr}`).toBeDefined()
    for (const label of labels.filter((it) => !ofTarget.has(it)))
      expect([...(has ?? [])], `${metric} in ${expr}`).toContain(label.replace(/^exported_/, ''))
  }
}

const panels = dashboard.panels.filter(({ type }) => type !== 'row')

describe('the dashboard', () => {
  test.each(panels)('$title', ({ targets = [] }) => {
    expect(targets.length).toBeGreaterThan(0)
    for (const { expr } of targets) assertKnown(expr)
  })

  test('has a number of its own for each panel, and asks the data source that was chosen', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance'])
    const used = new Set(JSON.stringify(dashboard.panels).match(/\$\{?[a-z]\w*/g))
    expect(used).toEqual(new Set(['${datasource', '$job', '$instance']))
  })
})

describe('the alert rules', () => {
  test.each(rules)('$alert', ({ alert, expr, for: lasting, labels, annotations }) => {
    expect(alert).toMatch(/^Belfry[A-Z]\w+$/)
    assertKnown(expr)
    expect(lasting).toMatch(/^\d+[smh]$/)
    expect(['critical', 'warning']).toContain(labels.severity)
    expect(annotations.summary).toMatch(/\.$/)
    expect(annotations.description).toMatch(/[.)]$/)
  })

  test('have names of their own, and tell only of labels they keep', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    for (const { expr, annotations } of rules)
      for (const [, label = ''] of JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g))
        expect(expr.includes(`, ${label})`) || !/\bby \(/.test(expr), `${label} in ${expr}`).toBe(true)
  })
})

test('the metrics that Belfry has are all on the dashboard', () => {
  const shown = new Set(
    panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => asked(expr).map(([metric]) => metric))),
  )
  const own = [...known.keys()].filter((name) => name.startsWith('belfry_'))
  expect(own.filter((name) => !shown.has(name))).toEqual([])
})
