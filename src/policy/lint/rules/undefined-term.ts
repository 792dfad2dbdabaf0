import type { Problem, Rule, Subject } from "../rule.ts";

/** Abbreviations that a general reader, and any language model, knows; and legal forms of companies. */
const known = new Set(
  `ABS AC ADHD ADSL AG AI AM API ASAP ATM BBC BBQ BCC BIC BMI BST BV CAPTCHA CC CCTV CD CDC CE
  CEO CEST CET CFO CIA COD COO COVID CPR CPU CSV CT CTO CV CVC CVV DC DHS DIY DJ DNA DNS DOJ DSL
  DVD EAN ECTS EDT EEA EFTA EOD EPA ESL EST ESTA ET ETA EU EUR FAQ FAX FBI FCC FDA FTC FTP FYI
  GB GBP GDPR GIF GMBH GMT GPA GPL GPS GSA GSM HDMI HIPAA HIV HQ HR HTML HTTP HTTPS IATA IBAN
  ICT ID IEC IELTS ILO IMAP IMEI IOU IP IPO IQ IRS ISBN ISO ISP IT JPEG JPG JSON KB KG LAN LED
  LGBT LGBTQ LLC LLP LPG LSD LTD LTE MB MBA MD MIT MMS MP MRI MS MVNO NASA NATO NB NDA NFC NGO
  NHS NIH NIST NV OCD OECD OG OK OPM OSHA OTP PA PC PCR PDF PDT PHD PIN PLC PM PNG PO PPE PR PS
  PST PT QR RAM RFID RGB RSVP SA SD SEC SEPA SIM SME SMS SMTP SOS SQL SSA SSH SSL SSN SSO SUV
  SWIFT TB THC TLDR TLS TOEFL TV UG UI UK UN UPS URL US USA USB USD UTC UUID UV UX VAT VDSL VHS
  VIP VOIP VPN WC WHO WIFI WLAN WWW XML YAML ZIP`
    .trim()
    .split(/\s+/),
);

/** An abbreviation that is neither common knowledge nor spelt out anywhere in the policy. */
export const undefinedTerm: Rule = {
  severity: "information",
  *check({ text, prose, statements }: Subject): Iterable<Problem> {
    const seen = new Set<string>();
    const lower = new Set(prose.match(/\b\p{Ll}+\b/gu));
    for (const { start, end } of statements) {
      const source = prose.slice(start, end);
      for (const match of source.matchAll(abbreviation)) {
        const term = singular(match[0]);
        if (seen.has(term)) continue;
        seen.add(term);
        if (known.has(term) || isWord(term, lower) || isName(source, match.index, match[0]))
          continue;
        if (isSpeltOut(text, term)) continue;
        yield {
          start: start + match.index,
          end: start + match.index + match[0].length,
          message: `“${term}” is not spelt out anywhere in this policy.`,
        };
      }
    }
  },
};

const abbreviation =
  /(?<![\p{L}\p{N}_/&.#@$-]|["“'‘])[A-Z]{2,5}s?(?![\p{L}\p{N}_/&@-]|\.\w|["”'’])/gu;

function singular(term: string): string {
  return term.replace(/s$/, "");
}

/** "ON", "MUST", "ACTIVE": a word in capitals; or one that is spoken as a word, most likely a name. */
function isWord(term: string, lower: ReadonlySet<string>): boolean {
  return lower.has(term.toLowerCase()) || /^[^AEIOU][AEIOU][^AEIOU]$/.test(term);
}

/** A code ("begins with SK"), a standard ("ISO 9001"), or one of several words in capitals. */
function isName(source: string, index: number, term: string): boolean {
  return (
    /(?:[A-Z]{2,}|\b(?:begin|start|end)(?:s|ning|ing)? (?:with|in))[\s*_]+$/.test(
      source.slice(Math.max(0, index - 20), index),
    ) ||
    /^[\s*_-]+(?:\d|[A-Z]{2,})/.test(source.slice(index + term.length, index + term.length + 20))
  );
}

/** "Family Medical Leave Act (FMLA)", "FMLA (…)", "FMLA means …", or its words side by side. */
function isSpeltOut(text: string, term: string): boolean {
  const short = `${term}s?`;
  const defined = new RegExp(
    String.raw`\p{L}["”*_]*\s*\(["“*_]*(?:the |or |an? )?["“*_]*${short}["”*_]*[),;]|\b${short}\b["”*_]*\s*\((?![^)]*\d)[^)]*\p{L}{3}[^)]*\)|\b${short}\b["”*_]*(?:, (?:the|an?|our|your)\b|,?\s+(?:means|stands for|refers to|is short for|is an abbreviation|is the|is an?|are the|are an?|[=:–—|]))|["“](?:the )?${short}["”]`,
    "u",
  );
  if (defined.test(text)) return true;
  const initials = Array.from(term, (letter) => String.raw`\b${letter}[\p{L}-]+`);
  return new RegExp(initials.join(String.raw`\s+(?:of |and |for |the )?`), "u").test(text);
}
