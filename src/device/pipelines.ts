// Pipelines: compiled once per shader and constants, in parallel, and shared by all executables of a device.
import * as TE from 'fp-ts/TaskEither'
import { pipe } from 'fp-ts/function'
import { type Fault, fault } from '../core/fault.ts'
import type { DispatchStep } from '../plan/types.ts'

/** Compiles the pipelines of steps, in their order; one compiled before is taken from the cache. */
export type Compile = (
  steps: ReadonlyArray<DispatchStep>,
) => TE.TaskEither<Fault, ReadonlyArray<GPUComputePipeline>>

/** The result of making something, and the validation error of it, if any, which Dawn tells later. */
export const scoped = <A>(
  device: GPUDevice,
  make: () => A,
): readonly [A, Promise<GPUError | null>] => {
  device.pushErrorScope('validation')
  const made = make()
  return [made, device.popErrorScope()]
}

/** An error's text of several lines on one line, without the pointers under the code. */
export const firstLines = (message: string): string =>
  message
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('^') && !line.startsWith('- While'))
    .slice(0, 3)
    .join(' ')

const invalid =
  (step: DispatchStep) =>
  (error: unknown): Fault =>
    fault(
      `the shader does not compile: ${firstLines(error instanceof Error ? error.message : String(error))}`,
      `op ${step.op}, shader ${step.label}`,
      'mend the WGSL; storage buffers are declared read_write, the entry point is main',
    )

const constantsKey = (constants: DispatchStep['constants']): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(',')

const pipelineFrom = async (device: GPUDevice, step: DispatchStep): Promise<GPUComputePipeline> => {
  const { label, shader: code, constants } = step
  const [module, error] = scoped(device, () => device.createShaderModule({ label, code }))
  const made = device.createComputePipelineAsync({
    label,
    layout: 'auto',
    compute: { module, entryPoint: 'main', constants },
  })
  const invalid = await error
  if (invalid === null) return made
  made.catch(() => undefined)
  throw new Error(invalid.message)
}

/** A compiler with a cache of its own, for one device. */
export const compiler = (device: GPUDevice): Compile => {
  const cache = new Map<string, Promise<GPUComputePipeline>>()
  const pipelineOf = (step: DispatchStep): Promise<GPUComputePipeline> => {
    const key = `${constantsKey(step.constants)}\n${step.shader}`
    const known = cache.get(key)
    if (known !== undefined) return known
    const made = pipelineFrom(device, step)
    cache.set(key, made)
    made.catch(() => cache.delete(key))
    return made
  }
  return steps =>
    pipe(
      steps.map(step => TE.tryCatch(() => pipelineOf(step), invalid(step))),
      TE.sequenceArray,
    )
}
