import { defineConfig } from 'vitest/config'
import { ClosingLine } from './test/support/closing-line.ts'

/**
 * The name of a test file says where it runs: `*.engines.test.ts` on both engines, `*.sqlite.test.ts` and
 * `*.postgres.test.ts` on the one named, any other once and without an engine.
 */
const folders = '{src,test}/**'
const onEngine = {
  sqlite: [`${folders}/*.{engines,sqlite}.test.ts`],
  postgres: [`${folders}/*.{engines,postgres}.test.ts`],
}

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine(onEngine)],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    env: { AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${folders}/*.test.ts`],
          exclude: [...onEngine.sqlite, ...onEngine.postgres],
        },
      },
      {
        extends: true,
        test: { name: 'sqlite', include: onEngine.sqlite, provide: { postgres: '' } },
      },
      {
        extends: true,
        test: { name: 'postgres', include: onEngine.postgres, globalSetup: 'test/support/postgres.ts' },
      },
    ],
  },
})
