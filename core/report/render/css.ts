/** The look of the report: light, calm, one red line (UX.md section 9). No outside text ever enters this sheet. */
export const REPORT_CSS = `
*{box-sizing:border-box}
html{font-family:"Redthread Sans",sans-serif;font-size:9.5pt;line-height:1.45;color:#14171c;background:#fff;font-variant-ligatures:none;-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{margin:0;overflow-wrap:anywhere}
h1{font-size:25pt;line-height:1.2;margin:0 0 12mm;font-weight:700;letter-spacing:-0.01em;overflow-wrap:anywhere}
h2{font-size:14pt;line-height:1.3;margin:10mm 0 3mm;padding-bottom:1.5mm;border-bottom:0.6pt solid #14171c;font-weight:700;break-after:avoid}
h2 .number{display:inline-block;min-width:8mm;color:#5b636e;font-weight:400}
h3.part-title{font-size:12pt;margin:8mm 0 2.5mm;padding-bottom:1mm;border-bottom:0.4pt solid #14171c}
h3.part-title .number{display:inline-block;min-width:11mm;color:#5b636e;font-weight:400}
h3{font-size:10.5pt;margin:5mm 0 1.5mm;font-weight:700;break-after:avoid}
p{margin:0 0 2mm;overflow-wrap:anywhere;orphans:3;widows:3}
p:has(+figure),p:has(+table),p.note:has(+h3){break-after:avoid}
p.lead{font-size:10.5pt}
table+p.note,figure+p.note,.signature+p.note{break-before:avoid}
p.note,.note{color:#454d58;font-size:8.5pt}
ul,ol{margin:0 0 3mm;padding-left:5mm}
ul:has(+.signature){break-inside:avoid;break-after:avoid}
li{margin:0 0 1.4mm;overflow-wrap:anywhere;break-inside:avoid}
a{color:inherit;text-decoration:none}
b{font-weight:700}
code{font-family:"Redthread Mono","Redthread Sans",monospace;font-size:7.2pt;line-height:1.45;overflow-wrap:anywhere}
.cite{font-size:7.6pt;color:#454d58;white-space:nowrap;border-bottom:0.4pt solid #c3c9d1}
.kind,.muted{color:#5b636e}
.risk,.number-value{white-space:nowrap}
.sign{margin-right:1mm;vertical-align:-0.4mm}
.hidden-character{font-size:0.8em;border:0.5pt solid #5b636e;border-radius:1.5pt;padding:0 1.5pt;margin:0 0.5pt;white-space:nowrap}
.wrap-mark{margin-left:0.8mm;vertical-align:-0.3mm}
table{width:100%;border-collapse:collapse;table-layout:fixed;margin:0 0 4mm;font-size:8.2pt;line-height:1.4}
caption{text-align:left;font-weight:700;padding:2mm 0 1mm;break-after:avoid}
thead{display:table-header-group}
tr{break-inside:avoid}
thead{break-after:avoid}
tbody tr:first-child,tbody tr:last-child{break-before:avoid}
th{text-align:left;vertical-align:bottom;font-weight:700;padding:1mm 2mm 1mm 0;border-bottom:0.8pt solid #14171c;overflow-wrap:anywhere}
td{vertical-align:top;padding:1.1mm 2mm 1.1mm 0;border-bottom:0.4pt solid #c3c9d1;overflow-wrap:anywhere}
td code{font-size:6.7pt}
th:last-child,td:last-child{padding-right:0}
.right{text-align:right;padding-right:4.5mm;font-variant-numeric:tabular-nums}
dl{margin:0 0 4mm}
dl>div{display:flex;gap:4mm;padding:1mm 0;border-bottom:0.4pt solid #c3c9d1;break-inside:avoid}
dl>div:nth-child(-n+2){break-after:avoid}
dl>div:last-child{break-before:avoid}
dt{flex:0 0 44mm;color:#5b636e}
dd{flex:1 1 0;min-width:0;margin:0;overflow-wrap:anywhere}
figure{margin:2mm 0 5mm;break-inside:avoid}
svg.figure{display:block;width:100%;height:auto;max-height:225mm;font-family:"Redthread Sans",sans-serif}
figcaption{margin-top:1.5mm;font-size:8.2pt;color:#454d58}
.record{margin:0 0 4mm}
.record-title{margin:0 0 1mm;font-size:8.4pt;break-after:avoid}
.raw{border-left:1.4pt solid #c3c9d1;padding:0.5mm 0 0.5mm 3mm;font-size:7.2pt;line-height:1.28}
.record.short{break-inside:avoid}
.contents{list-style:none;padding:0;columns:2;column-gap:10mm}
.contents li a{display:flex}
.contents li{padding:0.8mm 0;border-bottom:0.4pt solid #c3c9d1}
.contents .number{flex:0 0 8mm;color:#5b636e}
.contents .part{padding-left:8mm}
.contents.figures{columns:1}
.contents .figure-number{flex:0 0 20mm;color:#5b636e}
em{font-style:normal;text-decoration:underline;text-decoration-thickness:0.4pt;text-underline-offset:1.5pt}
p.label{font-weight:400;font-size:8.5pt;color:#454d58;text-transform:none;border-bottom:0.4pt solid #c3c9d1;margin:3mm 0 1.5mm;break-after:avoid}
p.quote{border-left:1.4pt solid #5b636e;padding-left:3mm;color:#454d58}
.analyst{border-left:1.4pt solid #14171c;padding-left:4mm;margin:0 0 4mm}
.analyst-label{font-size:7.6pt;color:#454d58;margin:0 0 1mm;break-after:avoid}
.register{font-size:7.6pt;line-height:1.6;font-variant-numeric:tabular-nums;word-spacing:1.5mm}
.register-title{margin:2mm 0 0.5mm;font-size:8.4pt;break-after:avoid}
.signature{margin:8mm 0 6mm;break-before:avoid;display:grid;grid-template-columns:1fr 1fr;gap:12mm 10mm;break-inside:avoid}
.signature p{margin:0;font-size:8.2pt;color:#454d58}
.signature-line{display:block;height:11mm;margin-bottom:1mm;border-bottom:0.6pt solid #14171c}
.section.cover{break-after:page}
.cover-sheet{display:flex;gap:9mm;min-height:232mm}
.cover-thread{flex:0 0 auto;height:232mm;width:9.3mm}
.cover-words{flex:1 1 0;min-width:0;padding-top:34mm}
.cover-words .over{font-size:10.5pt;color:#454d58;margin-bottom:3mm}
.cover-words dt{flex-basis:38mm}
.section.starts-page{break-before:page}
.margin-words{position:absolute;visibility:hidden;height:0;overflow:hidden}
:lang(ja),:lang(zh){line-break:strict}
@media screen{body{max-width:178mm;margin:0 auto;padding:12mm 8mm}.cover-sheet,.cover-thread{min-height:0;height:180mm}.section{margin-bottom:8mm}}
@media screen and (max-width:150mm){body{padding:6mm 4mm}.cover-thread{display:none}.cover-words{padding-top:8mm}dl>div{flex-wrap:wrap;gap:0 4mm}dd{flex:1 1 60mm}.contents{columns:1}}
`
