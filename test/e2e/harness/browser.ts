import { chromium as playwright, type Browser } from "playwright-core";
import { chromium } from "./install.ts";

/** Debian's Chromium, headless, without anything that would reach out by itself. */
export function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: chromium,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
