// The metrics of a network's layers.
import type { MeasureReport } from './measure.ts'

/** The metrics of one layer; `unit` is the number of its fine-tuning unit from 1, null for the classifier's input. */
export interface LayerReport extends MeasureReport {
  readonly layer: string
  readonly unit: number | null
}
