/**
 * A timeline as one page that needs nothing else. Its content security policy lets run only the script and the style that are in
 * it, known by their hashes, and lets nothing be fetched. What comes from the cluster is data: never markup, never code.
 */

import script, { sha256 as scriptHash } from './page/main.ts?page';
import style, { sha256 as styleHash } from './page/page.css?page';
import { PATTERNS } from './patterns';
import type { PictureOptions } from './svg';
import type { Model } from './types';

export interface PageData {
  readonly model: Model;
  readonly options: PictureOptions;
}

export function timelinePage(model: Model, options: PictureOptions): string {
  const policy = `default-src 'none'; script-src 'sha256-${scriptHash}'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  const data: PageData = { model, options };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>Timeline</title>
<style>${style}</style>
</head>
<body class="timeline">
<header>
<h1 id="names">Timeline</h1>
<p id="range"></p>
<div class="controls">
<button type="button" data-action="out" title="Look from further away (-)">&minus;</button>
<button type="button" data-action="in" title="Look closer (+, or Ctrl and the wheel)">+</button>
<button type="button" data-action="fit" title="Show everything (0)">all</button>
<button type="button" data-action="left" title="Earlier (left arrow)" aria-label="earlier">&larr;</button>
<button type="button" data-action="right" title="Later (right arrow)" aria-label="later">&rarr;</button>
<button type="button" data-action="compress" title="Draw the time shorter in which nothing changes, or every second alike (c)">shorten quiet time</button>
<button type="button" data-action="absolute" title="Times of day, or time since the beginning (t)">times of day (UTC)</button>
<button type="button" data-action="outages" title="Which pods were not ready when, and why (n)">not ready</button>
</div>
</header>
<main>
<svg id="axis" xmlns="http://www.w3.org/2000/svg"></svg>
<svg id="body" xmlns="http://www.w3.org/2000/svg" tabindex="0" role="img" aria-labelledby="names range">${PATTERNS}</svg>
<footer><svg id="legend" xmlns="http://www.w3.org/2000/svg"></svg></footer>
</main>
<section id="outages">
<h2>Not ready</h2>
<p></p>
<table hidden>
<thead><tr><th scope="col">pod</th><th scope="col">since (UTC)</th><th scope="col">for</th><th scope="col">what it went through</th><th scope="col">revision</th><th scope="col">warnings</th></tr></thead>
<tbody></tbody>
</table>
</section>
<div id="tip" role="tooltip" hidden></div>
<noscript>This page draws with a script. The same picture without one: stsctl sim timeline -o svg</noscript>
<script type="application/json" id="data">${inScript(JSON.stringify(data))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON in which no HTML parser finds an end of the script, a comment, or a line that JSON did not mean. */
const inScript = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
