/** Features of PostgreSQL that CockroachDB or YugabyteDB document as missing or incomplete. */
const unportable: readonly RegExp[] = [
  /\bpg_(?:try_)?advisory_/i,
  /^\s*(?:un)?listen\b|^\s*notify\b|\bpg_notify\b/i,
  /\bplpgsql\b|^\s*do\s+\$/i,
  /\bcreate\s+(?:or\s+replace\s+)?(?:function|procedure|trigger|rule|extension|event)\b/i,
  /\bcreate\s+(?:(?:global|local)\s+)?temp(?:orary)?\b|\bunlogged\b/i,
  /\b(?:ctid|xmin|xmax|cmin|cmax|tableoid)\b/i,
  /\bexclude\s+using\b|\bdeferrable\b/i,
  /^\s*lock\s+table\b/i,
  /\btsvector\b|\btsquery\b|\bxml\b/i,
]

/** The statements that use such a feature. */
export const findUnportable = (statements: Iterable<string>): string[] =>
  [...statements].filter((statement) => unportable.some((feature) => feature.test(statement)))
