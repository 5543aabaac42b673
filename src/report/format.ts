// Numbers as people read them: used by the terminal table, the claims and the page.

/** What stands where a number is missing or not finite. */
export const missing = '–'

const grouped = (x: number, decimals: number): string =>
  x.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })

const toward = (digits: number, size: number): number =>
  Math.max(0, Math.min(20, digits - 1 - Math.floor(Math.log10(size))))

/** A number with `digits` significant digits; whole from 1,000 on, as a power of ten below 0.0001 and from 10^9 on. */
export const significant = (x: number, digits = 3): string => {
  if (!Number.isFinite(x)) return missing
  if (x === 0) return '0'
  const rounded = Number(x.toPrecision(digits))
  const size = Math.abs(rounded)
  if (size < 1e-4 || size >= 1e9) return x.toExponential(digits - 1).replace('e+', 'e')
  return grouped(rounded, toward(digits, size)).replace(/^-/, '−')
}

/** A whole number with commas between thousands. */
export const count = (x: number): string =>
  Number.isFinite(x) ? grouped(Math.round(x), 0) : missing

/** A share in [0, 1] as a percentage: 0.9342 is `93.4%`. */
export const percent = (share: number, decimals = 1): string =>
  Number.isFinite(share) ? `${grouped(share * 100, decimals)}%` : missing

/** A difference of two shares in percentage points, signed: 0.012 is `+1.2`. */
export const points = (difference: number, decimals = 1): string => {
  if (!Number.isFinite(difference)) return missing
  const text = grouped(Math.abs(difference) * 100, decimals)
  return Number(text.replaceAll(',', '')) === 0 ? text : `${difference < 0 ? '−' : '+'}${text}`
}

/** A correlation with two decimals and a real minus sign; `undefined` where there is none. */
export const correlation = (r: number | null): string =>
  r === null
    ? 'undefined'
    : r
        .toFixed(2)
        .replace(/^-0\.00$/, '0.00')
        .replace('-', '−')

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes in binary units with three significant digits: 1536 is `1.50 KiB`. */
export const bytes = (n: number): string => {
  if (!Number.isFinite(n) || n < 0) return missing
  if (n < 1024) return `${Math.round(n)} B`
  const fits = (power: number): boolean => Number((n / 1024 ** power).toPrecision(3)) < 1000
  const power = [1, 2, 3].find(fits) ?? 4
  const scaled = n / 1024 ** power
  const rounded = Number(scaled.toPrecision(3))
  return `${grouped(rounded, toward(3, rounded))} ${units[power] ?? ''}`
}

/** Seconds as `420 ms`, `12.3 s`, `2 min 05 s` or `1 h 02 min`. */
export const duration = (seconds: number): string => {
  if (!Number.isFinite(seconds) || seconds < 0) return missing
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 59.95) return `${grouped(seconds, seconds < 9.995 ? 2 : 1)} s`
  const whole = Math.round(seconds)
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60]
  if (whole < 3600) return `${minutes} min ${String(rest).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
