// Learning-rate schedules: pure functions of the epoch.

/** Learning rate of an epoch, counted from 0. */
export type Schedule = (epoch: number) => number

/**
 * Cosine annealing per epoch from `from` to `to` over `epochs` (torch's CosineAnnealingLR):
 * lr(e) = to + (from - to)(1 + cos(pi e / epochs)) / 2. The paper: 0.1 to 1e-4 over 200.
 */
export const cosine =
  (from: number, to: number, epochs: number): Schedule =>
  epoch =>
    to + ((from - to) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2

/** The same rate in every epoch. */
export const constant =
  (lr: number): Schedule =>
  () =>
    lr
