import { defineConfig } from 'vitest/config'
import { ClosingLine } from './test/support/closing-line.ts'

/** What goes through the front door runs on both engines; what needs none runs once. */
const frontDoor = [
  'src/domains/**/*.test.ts',
  'test/wire/**/*.test.ts',
  'test/faults/**/*.test.ts',
  'test/care/**/*.test.ts',
]

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine(frontDoor)],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    env: { AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/{conformance,commands,support}/**/*.test.ts'],
          exclude: frontDoor,
        },
      },
      {
        extends: true,
        test: { name: 'sqlite', include: frontDoor, exclude: ['test/faults/postgres/**'], provide: { postgres: '' } },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: frontDoor,
          exclude: ['test/faults/sqlite/**'],
          globalSetup: 'test/support/postgres.ts',
        },
      },
    ],
  },
})
