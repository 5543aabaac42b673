// Profiling: one run of a plan in which every step goes alone and is timed.
import type { Plan } from '../plan/types.ts'
import type { Memory } from './buffers.ts'
import { settle } from './wait.ts'

/** Milliseconds of every step of a plan in one run; by the device's clock, else by the host's, waits included. */
export interface Profile {
  readonly plan: Plan
  readonly ms: ReadonlyArray<number>
  readonly clock: 'device' | 'host'
}

/** A step as it is put into an encoder; `timestamps` only where it is a dispatch. */
export type Encode = (
  encoder: GPUCommandEncoder,
  timestamps?: GPUComputePassTimestampWrites,
) => void

const byHost = async (
  device: GPUDevice,
  steps: ReadonlyArray<Encode>,
): Promise<ReadonlyArray<number>> => {
  const ms: Array<number> = []
  await settle(device.queue.onSubmittedWorkDone())
  for (const encode of steps) {
    const encoder = device.createCommandEncoder()
    encode(encoder)
    const began = performance.now()
    device.queue.submit([encoder.finish()])
    await settle(device.queue.onSubmittedWorkDone())
    ms.push(performance.now() - began)
  }
  return ms
}

/** Queries that a set may hold. */
const mostQueries = 4096

const batchByDevice = async (
  device: GPUDevice,
  memory: Memory,
  steps: ReadonlyArray<Encode>,
): Promise<ReadonlyArray<number>> => {
  const count = 2 * steps.length
  const querySet = device.createQuerySet({ type: 'timestamp', count })
  const resolved = device.createBuffer({
    size: 8 * count,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  })
  const staging = memory.readback(8 * count)
  const encoder = device.createCommandEncoder()
  steps.forEach((encode, i) => {
    const [beginningOfPassWriteIndex, endOfPassWriteIndex] = [2 * i, 2 * i + 1]
    encode(encoder, { querySet, beginningOfPassWriteIndex, endOfPassWriteIndex })
  })
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0)
  encoder.copyBufferToBuffer(resolved, 0, staging, 0, 8 * count)
  device.queue.submit([encoder.finish()])
  await settle(staging.mapAsync(GPUMapMode.READ))
  const ticks = new BigUint64Array(staging.getMappedRange().slice(0))
  memory.free(staging)
  resolved.destroy()
  querySet.destroy()
  return steps.map((_, i) => Number((ticks[2 * i + 1] ?? 0n) - (ticks[2 * i] ?? 0n)) / 1e6)
}

const byDevice = async (
  device: GPUDevice,
  memory: Memory,
  steps: ReadonlyArray<Encode>,
): Promise<ReadonlyArray<number>> => {
  const ms: Array<number> = []
  for (let first = 0; first < steps.length; first += mostQueries / 2) {
    const some = steps.slice(first, first + mostQueries / 2)
    ms.push(...(await batchByDevice(device, memory, some)))
  }
  return ms
}

/** Runs the steps in their order, each alone, and times them; real GPUs by their own clock where they have one. */
export const profileSteps = async (
  device: GPUDevice,
  memory: Memory,
  software: boolean,
  plan: Plan,
  steps: ReadonlyArray<Encode>,
): Promise<Profile> =>
  !software && device.features.has('timestamp-query')
    ? { plan, clock: 'device', ms: await byDevice(device, memory, steps) }
    : { plan, clock: 'host', ms: await byHost(device, steps) }
