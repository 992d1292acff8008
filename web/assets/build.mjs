// Builds the styles and scripts into assets/dist: npm run build (in web/).
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const web = dirname(here);
const dist = join(here, "dist");
const modules = join(web, "node_modules");

mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) {
  if (name !== ".keep") rmSync(join(dist, name), { recursive: true });
}

// MOJ Frontend loads GOV.UK Frontend as "node_modules/…", hence both paths.
const { css } = sass.compile(join(here, "styles", "app.scss"), {
  loadPaths: [web, modules],
  style: "compressed",
  quietDeps: true,
});
writeFileSync(join(dist, "app.css"), css);

await esbuild.build({
  entryPoints: [join(here, "scripts", "app.js")],
  outfile: join(dist, "app.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  nodePaths: [modules],
  legalComments: "none",
});

// Only the icons the styles ask for; no crown, no logotype.
const icons = join(modules, "@ministryofjustice/frontend/moj/assets/images");
mkdirSync(join(dist, "images"));
for (const [, name] of css.matchAll(/url\("?\/assets\/images\/([\w.-]+)"?\)/g)) {
  cpSync(join(icons, name), join(dist, "images", name));
}
cpSync(join(here, "images"), join(dist, "images"), { recursive: true });
