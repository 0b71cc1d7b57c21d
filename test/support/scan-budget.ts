import { scanBudget } from '../../src/database/pagination.ts'

const usual = scanBudget.rows

/** Does something while a transaction may look through fewer rows than usual. */
export async function withScanBudget<Result>(rows: number, work: () => Promise<Result>): Promise<Result> {
  scanBudget.rows = rows
  try {
    return await work()
  } finally {
    scanBudget.rows = usual
  }
}
