/** The dashboard and the alert rules use only metrics and labels that exist. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type TestBelfry, useBelfry } from '../support/belfry.ts'
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

const { belfry, tenant } = await useBelfry()
await givenAssignable(belfry, tenant)
/** The labels of each metric. */
const known = await scrape(belfry)

async function scrape({ url }: TestBelfry) {
  const found = new Map<string, Set<string>>([['up', new Set()]])
  const text = await (await fetch(`${url}/metrics`)).text()
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z]\w*)(?:\{(.*)\})? /gm)) {
    const seen = found.get(name) ?? new Set()
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) seen.add(label)
    found.set(name, seen)
  }
  // Events that have not happened have no sample. Their labels are in the reference.
  for (const [, name = '', labels = ''] of read('../docs/reference/metrics.md').matchAll(
    /^\| `(\w+)` \| \w+ \| ([^|]*) \|/gm,
  ))
    if (text.includes(`# TYPE ${name} `) && !found.has(name) && !found.has(`${name}_count`))
      found.set(name, new Set(labels.split(', ')))
  return found
}

/** Labels that Prometheus adds to each sample. It renames a label of this name in the metric to `exported_…`. */
const ofTarget = new Set(['job', 'instance'])

/** The metrics of an expression with the labels used for each, in braces and in `by`. */
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
  test.each(panels)('uses only known metrics and labels in the panel "$title"', ({ targets = [] }) => {
    expect(targets.length).toBeGreaterThan(0)
    for (const { expr } of targets) assertKnown(expr)
  })

  test('has unique panel ids and uses the selected data source', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance'])
    const used = new Set(JSON.stringify(dashboard.panels).match(/\$\{?[a-z]\w*/g))
    expect(used).toEqual(new Set(['${datasource', '$job', '$instance']))
  })
})

describe('the alert rules', () => {
  test.each(rules)(
    'uses known metrics and is complete: $alert',
    ({ alert, expr, for: lasting, labels, annotations }) => {
      expect(alert).toMatch(/^Belfry[A-Z]\w+$/)
      assertKnown(expr)
      expect(lasting).toMatch(/^\d+[smh]$/)
      expect(['critical', 'warning']).toContain(labels.severity)
      expect(annotations.summary).toMatch(/\.$/)
      expect(annotations.description).toMatch(/[.)]$/)
    },
  )

  test('have unique names and annotations that use only labels they keep', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    for (const { expr, annotations } of rules)
      for (const [, label = ''] of JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g))
        expect(expr.includes(`, ${label})`) || !/\bby \(/.test(expr), `${label} in ${expr}`).toBe(true)
  })
})

test('the dashboard shows every metric of Belfry', () => {
  const shown = new Set(
    panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => asked(expr).map(([metric]) => metric))),
  )
  const own = [...known.keys()].filter((name) => name.startsWith('belfry_'))
  expect(own.filter((name) => !shown.has(name))).toEqual([])
})
