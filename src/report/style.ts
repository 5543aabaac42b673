// The page's style sheet: one column of text and pictures, light and dark, narrow and wide, screen and paper.
import { epochColours, methodColours } from './palette.ts'

const light = (epochs: number): string =>
  `--paper:#fbfaf7;--card:#ffffff;--ink:#1c2127;--soft:#59626d;--line:#e2dfd6;--held:#25704a;--partly:#8f5d00;--not:#ad332b;${methodColours('light')}${epochColours(epochs, 'light')}`

const dark = (epochs: number): string =>
  `--paper:#14171b;--card:#1b1f24;--ink:#e7e6e2;--soft:#9ba4af;--line:#2e343b;--held:#74c796;--partly:#e2b45c;--not:#f0938a;${methodColours('dark')}${epochColours(epochs, 'dark')}`

const base = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:56px 32px 64px}
h1,h2{font-family:"Iowan Old Style",Charter,"Palatino Linotype",Palatino,Georgia,serif;font-weight:600;letter-spacing:-.01em;text-wrap:balance}
h1{font-size:2.5rem;line-height:1.15;margin:0 0 .5em}
h2{font-size:1.6rem;line-height:1.25;margin:0 0 .35em}
h3{font-size:.95rem;font-weight:600;margin:0 0 .75em}
p{margin:0}
a{color:inherit;text-underline-offset:.15em}
.soft,figcaption,.place{color:var(--soft)}
.kicker{color:var(--soft);font-size:.9rem;margin-bottom:1.1em}
.lead{font-size:1.12rem;max-width:46em;color:var(--soft)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:0 32px;margin:40px 0 0;border-top:1px solid var(--line)}
.facts div{padding:16px 0 0}
.facts dt{font-size:.86rem;color:var(--soft)}
.facts dd{margin:2px 0 0;font-size:1.65rem;line-height:1.25;font-weight:600;letter-spacing:-.01em}
.facts dd small{display:block;font-size:.86rem;font-weight:400;letter-spacing:0;color:var(--soft)}
section{margin-top:64px;padding-top:28px;border-top:1px solid var(--line)}
section>p{max-width:46em;color:var(--soft)}
`

const figures = `
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,21rem);gap:24px 56px;margin-top:28px;align-items:start}
figure{margin:0}
figure svg{display:block;max-width:100%;height:auto;overflow:visible}
figcaption{font-size:.88rem;line-height:1.5;margin-top:14px;max-width:42em}
.narrow{display:none}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(225px,1fr));gap:30px 36px;margin-top:24px}
.panels svg{width:100%}
.panels h3{margin:0 0 .5em}
.panels .soft{font-weight:400}
.key{display:flex;flex-wrap:wrap;gap:6px 22px;list-style:none;margin:0 0 18px;padding:0;font-size:.88rem}
.key li{display:flex;align-items:center;gap:8px}
.key svg{overflow:visible}.key .mark{margin:0}
.key.steps{gap:6px 14px}
.key.steps li{gap:6px}
.swatch{width:14px;height:4px;border-radius:2px}
.claims{list-style:none;margin:0;padding:0;display:grid;gap:24px}
.claims.spread{grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:28px 56px;margin-top:36px}
.claims p{margin-top:5px}
.verdict{display:flex;align-items:baseline;gap:7px;font-size:.86rem;font-weight:600}
.verdict svg{flex:none;align-self:start;margin-top:3px}.verdict span:not(.place){white-space:nowrap}
.held .verdict{color:var(--held)}
.partly .verdict{color:var(--partly)}
.not-held .verdict{color:var(--not)}
.place{font-weight:400}
.said{font-weight:600;line-height:1.4}
.seen{font-size:.95rem;line-height:1.5}
details{font-size:.86rem;color:var(--soft);margin-top:5px}
summary{cursor:pointer;width:fit-content}
`

const tables = `
.scroll{overflow-x:auto;margin-top:44px}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.4}
th,td{padding:7px 0 7px 18px;text-align:right;white-space:nowrap;vertical-align:baseline}
th:first-child,td:first-child{padding-left:0}
th{white-space:normal;font-weight:400;color:var(--soft);border-bottom:1px solid var(--line);vertical-align:bottom;font-size:.86rem}
th.name,td.name{text-align:left}
tbody tr.first td{border-top:1px solid var(--line)}
tbody tr:first-child td{border-top:0}
td.top{font-weight:650}
.cards,.meanings{margin-top:28px}
.cards th,.cards td{padding-left:12px}.cards th:first-child{padding-left:0}
tbody th{border-bottom:0;color:var(--ink);font-size:inherit;vertical-align:baseline}
.meanings td:last-child{white-space:normal;color:var(--soft)}
.given{display:flex;flex-wrap:wrap;gap:4px 28px;margin:24px 0 0;font-size:.92rem}.given div{display:flex;gap:8px}.given dt{color:var(--soft)}.given dd{margin:0;overflow-wrap:anywhere}
.panels.metrics svg{max-width:300px}.panels.metrics h3 .soft{display:block;font-size:.86rem}
.terms{margin-top:20px}
.mark{display:inline-block;vertical-align:-1px;margin-right:9px;overflow:visible}
.columns>div{display:grid;gap:30px;align-content:start}.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:36px 56px;margin-top:24px}
.list{display:grid;grid-template-columns:auto minmax(0,1fr);gap:5px 20px;margin:0;font-size:.92rem}
.list dt{color:var(--soft)}
.list dd{margin:0;overflow-wrap:anywhere}
pre{margin:0;padding:14px 16px;background:var(--card);border:1px solid var(--line);border-radius:6px;font:.88rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.formula{font-style:italic;white-space:nowrap}
`

const cards = `
@media (max-width:1080px){.cards,.cards tbody{display:block}.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.cards tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.4rem,1fr));gap:8px 14px;padding:14px 0;border-top:1px solid var(--line)}.cards tbody th{grid-column:1/-1;padding:0;font-weight:600;overflow-wrap:anywhere}.cards td{display:block;padding:0;text-align:left}.cards td.none{display:none}.cards td::before{content:attr(data-name);display:block;color:var(--soft);font-weight:400;font-size:.82rem}}
@media (max-width:640px){.meanings thead th:last-child{display:none}.meanings tr{display:grid;grid-template-columns:1fr 5.5rem 5.5rem}.meanings tbody td:last-child{grid-column:1/-1;padding:0 0 10px}}
`

const media = `
@media (max-width:980px){.pair{grid-template-columns:minmax(0,1fr)}.pair .claims{grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:24px 40px}}
@media (max-width:640px){main{padding:32px 18px 48px}h1{font-size:1.9rem}.lead{font-size:1.05rem}section{margin-top:48px}.facts{grid-template-columns:1fr 1fr;gap:0 20px}.facts dd{font-size:1.35rem}.wide{display:none}.narrow{display:block}}
@media print{@page{margin:16mm 14mm}body{font-size:10.5pt}main{max-width:none;padding:0}section{margin-top:28px;padding-top:18px}figure,.claims li,.panels figure,tr,.facts{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}table{font-size:8.5pt}th,td{padding-left:8px}summary{list-style:none}}
`

/** The style sheet for a page with the given number of measured epochs. */
export const styleSheet = (epochs: number): string =>
  [
    `:root{color-scheme:light dark;${light(epochs)}}`,
    `@media screen and (prefers-color-scheme:dark){:root{${dark(epochs)}}}`,
    base,
    figures,
    tables,
    cards,
    media,
  ]
    .join('')
    .replaceAll('\n', '')
