import { readFile } from "node:fs/promises";
import { Command as Program } from "commander";
import { describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { addPolicyCommands } from "../../src/cli/policy-commands.ts";
import { addRunCommands } from "../../src/cli/run-commands.ts";
import { severities } from "../../src/policy/lint/rule.ts";
import { ruleIds, rules } from "../../src/policy/lint/rules.ts";
import { Color, Command, ContextKey, Panel, Setting, View } from "../../src/contributions.ts";

interface Manifest {
  activationEvents: string[];
  contributes: {
    commands: { command: string; title: string; category: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    views: Record<string, { id: string }[]>;
    viewsWelcome: { view: string; contents: string }[];
    colors: { id: string; defaults: Record<string, string> }[];
    configuration: {
      properties: Record<
        string,
        {
          markdownDescription: string;
          default: unknown;
          properties?: Record<string, { enum: string[]; default: string }>;
        }
      >;
    }[];
  };
}

const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`../../${name}`, import.meta.url), "utf8"));

const manifest = (await read("package.json")) as Manifest;
const strings = (await read("package.nls.json")) as Record<string, string>;
const { contributes } = manifest;
const sorted = (ids: Iterable<string>) => [...ids].sort();
const whens = Object.values(contributes.menus)
  .flat()
  .map(({ when }) => when ?? "");

describe("the manifest and contributions.ts", () => {
  it("name the same commands", () => {
    expect(sorted(contributes.commands.map(({ command }) => command))).toEqual(
      sorted(Object.values(Command)),
    );
  });

  it("name the same views, settings and colours", () => {
    const views = Object.values(contributes.views)
      .flat()
      .map(({ id }) => id);
    expect(sorted(views)).toEqual(sorted(Object.values(View)));
    const settings = contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
    expect(sorted(settings)).toEqual(sorted(Object.values(Setting)));
    expect(sorted(contributes.colors.map(({ id }) => id))).toEqual(sorted(Object.values(Color)));
  });

  it("begin with the seed that the command line begins with", () => {
    const program = new Program();
    addPolicyCommands(program, silent);
    addRunCommands(program, silent);
    const seedOf = (name: string) =>
      program.commands
        .find((command) => command.name() === name)
        ?.options.find(({ long }) => long === "--seed")?.defaultValue as unknown;
    const settings = Object.assign(
      {},
      ...contributes.configuration.map(({ properties }) => properties),
    ) as Record<string, { default: unknown }>;
    expect(settings[Setting.dataSeed]?.default).toBe(1);
    expect(settings[Setting.trainingSeed]?.default).toBe(1);
    expect(seedOf("synthesize")).toBe(1);
    expect(seedOf("internalize")).toBe(1);
    expect(seedOf("train")).toBe(1);
  });

  it("offer every lint rule with the severity that it has by default", () => {
    const setting = contributes.configuration
      .map(({ properties }) => properties[Setting.lintRules])
      .find((found) => found !== undefined);
    expect(Object.keys(setting?.properties ?? {})).toEqual(ruleIds);
    for (const rule of ruleIds) {
      expect(setting?.properties?.[rule]?.default).toBe(rules[rule].severity);
      expect(setting?.properties?.[rule]?.enum).toEqual([...severities]);
    }
  });

  it("activate on Markdown and on our own panels only", () => {
    expect(sorted(manifest.activationEvents)).toEqual(
      sorted([
        "onLanguage:markdown",
        ...Object.values(Panel).map((panel) => `onWebviewPanel:${panel}`),
      ]),
    );
  });

  it("use no context key that nothing sets, and no command that does not exist", () => {
    const contextKeys: readonly string[] = Object.values(ContextKey);
    const views: readonly string[] = Object.values(View);
    const used = [...whens, ...contributes.viewsWelcome.map((entry) => JSON.stringify(entry))]
      .flatMap((text) => text.match(/\bingrain\.[A-Za-z.]+/g) ?? [])
      .filter((id) => !views.includes(id));
    const commands: readonly string[] = Object.values(Command);
    expect(used.filter((id) => !contextKeys.includes(id) && !commands.includes(id))).toEqual([]);
    const inMenus = Object.values(contributes.menus).flat();
    expect(inMenus.filter(({ command }) => !commands.includes(command))).toEqual([]);
  });

  it("give every string of the manifest, and no other", () => {
    const used = new Set(
      [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]!),
    );
    expect(sorted(used)).toEqual(sorted(Object.keys(strings)));
    for (const text of Object.values(strings)) expect(text).not.toMatch(/!(?!\[)/);
  });

  it("link only to commands that exist, in welcome texts", () => {
    const commands: readonly string[] = Object.values(Command);
    const links = Object.values(strings).flatMap((text) =>
      [...text.matchAll(/\(command:(ingrain\.[^)]+)\)/g)].map((match) => match[1]!),
    );
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !commands.includes(link))).toEqual([]);
  });

  it("give each colour a default in all four kinds of theme", () => {
    for (const { defaults } of contributes.colors) {
      expect(Object.keys(defaults).sort()).toEqual(
        ["dark", "light", "highContrast", "highContrastLight"].sort(),
      );
    }
  });

  it("keep high-contrast colours at 7 to 1 against the background", () => {
    for (const { defaults } of contributes.colors) {
      expect(contrast(defaults["highContrast"]!, "#000000")).toBeGreaterThanOrEqual(7);
      expect(contrast(defaults["highContrastLight"]!, "#ffffff")).toBeGreaterThanOrEqual(7);
    }
  });
});

/** Nothing is run: only the options are looked at. */
const silent: Io = {
  env: {},
  cwd: ".",
  out: () => undefined,
  log: () => undefined,
  terminal: undefined,
  trainer: "",
  onInterrupt: () => ({ dispose: () => undefined }),
};

/** https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
