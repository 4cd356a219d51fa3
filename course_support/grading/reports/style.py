"""What do the pages look like? One quiet style sheet, light and dark, and fit for paper."""

STYLE = """
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#24272c;--soft:#5a616b;
 --line:#e0ddd5;--good:#2b7042;--bad:#ab3c25;--none:#6f757d;--link:#2f5688;--fill:#eceae4}
@media (prefers-color-scheme:dark){:root{--paper:#16181b;--card:#1d2024;--ink:#e4e2dd;
 --soft:#a6abb3;--line:#353a41;--good:#79c596;--bad:#f09580;--none:#9aa0a8;--link:#9dbce8;
 --fill:#2a2e34}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
 font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:64rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
h1,h2{font-family:Charter,"Iowan Old Style","Palatino Linotype",Georgia,serif;font-weight:600;
 line-height:1.2}
h1,h2,h3,h4{overflow-wrap:anywhere}
h1{font-size:2.1rem;margin:0 0 .3rem}h2{font-size:1.4rem;margin:3rem 0 .4rem}
h3{font-size:1rem;margin:1.8rem 0 .4rem}
p{margin:.4rem 0 .8rem;max-width:44rem}.over,.meta{color:var(--soft);max-width:none}
.over{margin:0 0 .2rem}
a{color:var(--link);text-underline-offset:.15em}
code{font:.9em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
 background:var(--fill);border-radius:3px;padding:.05em .3em;overflow-wrap:anywhere}
pre{background:var(--fill);border-radius:5px;padding:.7rem .9rem;margin:.5rem 0;overflow-x:auto;
 white-space:pre-wrap}
pre code{background:none;padding:0}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);
 border-radius:6px;margin:.6rem 0 1rem}
caption{text-align:left;color:var(--soft);padding:0 0 .35rem;font-size:.92rem}
caption span{display:inline-block;max-width:calc(100vw - 2.2rem)}
.loose{min-width:8rem;max-width:20rem;overflow-wrap:anywhere}
.loose details{border:0;background:none;padding:0;margin:0}
th,td{text-align:left;vertical-align:top;padding:.55rem .8rem;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.88rem;vertical-align:bottom}
tbody th{font-weight:500;overflow-wrap:anywhere;min-width:7rem}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.figures{display:flex;flex-wrap:wrap;gap:.8rem 2.8rem;margin:1.6rem 0 .5rem;padding:0}
.figures div{display:flex;flex-direction:column-reverse}
.figures dt{color:var(--soft);font-size:.9rem}.figures dd{margin:0;font-size:1.75rem;
 font-variant-numeric:tabular-nums;line-height:1.25}
.strip{display:flex;gap:3px;margin-top:.35rem;align-items:flex-end}
.strip i{width:.85rem;height:.55rem;border-radius:2px;
 background:var(--fill);border:1px solid var(--none)}
.strip .apart{width:.25rem;border:0;background:none}
.strip .correct{background:var(--good);border-color:var(--good)}
.strip .incorrect,.strip .raised{height:.22rem;background:var(--bad);border-color:var(--bad)}
.bar{width:9rem;height:.5rem;border-radius:3px;background:var(--fill);overflow:hidden;
 margin-top:.5rem}
.bar i{display:block;height:100%;background:var(--good)}
.sign{white-space:nowrap;font-weight:600;width:9.5rem}
.sign.correct{color:var(--good)}.sign.incorrect,.sign.raised{color:var(--bad)}
.sign.not-attempted{color:var(--none)}
.tag{border:1px solid var(--line);border-radius:3px;padding:0 .35em;color:var(--soft);
 font-size:.85rem;font-weight:500}
.said{margin:.35rem 0 0}.next{margin:.35rem 0 .1rem;padding-left:.8rem;
 border-left:3px solid var(--link)}
details{border:1px solid var(--line);border-radius:6px;background:var(--card);
 padding:.55rem .9rem;margin:.6rem 0}
summary{cursor:pointer;color:var(--link)}
.note{border-left:3px solid var(--good);padding:.1rem 0 .1rem .9rem;margin:1rem 0}
.person{border-left-color:var(--link)}
.piece{border-top:1px solid var(--line);padding:.9rem 0 .6rem}
.piece h4{font-size:1.05rem;margin:0}.piece .meta{margin:.1rem 0 .4rem}
.written{background:var(--card);border:1px solid var(--line);border-radius:6px;
 padding:.6rem .9rem;margin:.5rem 0;max-width:48rem;white-space:pre-wrap;overflow-wrap:anywhere;
 overflow:hidden;tab-size:4}
.written.code{font:.9em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
 background:var(--fill)}
.written.long{max-height:26rem;overflow:auto}
footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);
 font-size:.9rem}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
 white-space:nowrap}
.wide{overflow-x:auto;position:relative}.wide td:last-child{min-width:6.5rem}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--good:#1d5a32;
 --bad:#8e2c17;--none:#555;--link:#1d3f6b;--fill:#f1f0ec}
 body{font-size:11pt}main{max-width:none;padding:0}h2{break-after:avoid}
 .wide{overflow:visible}table{font-size:9pt}th,td{padding:.3rem .4rem}caption span{max-width:none}
 caption,thead th{font-size:9pt}
 .strip{gap:2px}.strip i{width:.5rem;height:.45rem}
 section>details:not([open]){display:none}
 tr,.note{break-inside:avoid}h3,h4{break-after:avoid}.written.long{max-height:none}
 .strip i,.bar{print-color-adjust:exact;
 -webkit-print-color-adjust:exact}a{text-decoration:none}}
a:focus-visible,summary:focus-visible,.long:focus-visible{outline:2px solid var(--link);
 outline-offset:2px;border-radius:3px}
@media (max-width:40rem){main{padding:1.5rem 1rem}.sign{width:auto}th,td{padding:.5rem}
 .bar{width:4rem}.figures{gap:.8rem 1.6rem}.wide td:last-child{min-width:0}
 .checks thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
 .checks tr{display:grid;grid-template-columns:1fr auto;border-top:1px solid var(--line)}
 .checks tr:first-child{border-top:0}.checks td{border:0}
 .checks td:nth-child(2){grid-column:1/-1;grid-row:2;padding-top:0}}
"""
