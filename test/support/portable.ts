/** What PostgreSQL knows and CockroachDB or YugabyteDB do not, or only in part, by their own lists of differences. */
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

/** Of the statements, those that are not SQL everywhere. */
export const findUnportable = (statements: Iterable<string>): string[] =>
  [...statements].filter((statement) => unportable.some((feature) => feature.test(statement)))
