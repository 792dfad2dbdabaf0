import type { Problem, Rule, Subject } from "../rule.ts";

/** Abbreviations that a general reader, and any language model, knows. */
const known = new Set(
  `AI AM AM/PM API ASAP ATM BBC BCC BST CC CCTV CD CEO CEST CET CFO COD COO COVID CPU CSV CT CTO CV DIY DNS
  DVD EDT EEA EFTA EST ET EU EUR FAQ FAQS FAX FTP GB GBP GDPR GIF GMT GPS HDMI HIPAA HIV HQ HR HTML HTTP
  HTTPS IBAN ICT ID IDS IEC IP IPO IQ ISBN ISO ISP IT JPEG JPG JSON KB LAN LED LLC LTD MB MBA MIT MMS MS
  NASA NATO NB NGO OK PA PC PDF PDT PHD PIN PINS PIN/PUK PM PNG PO PR PS PST PT PIN RAM RGB RSVP SD SEPA
  SIM SMS SQL SSH SSL SSN SSO SUV TLS TV UI UK UN UPS URL URLS US USA USB USD UTC UUID UX VAT VIP VPN
  WC WIFI WLAN WWW XML YAML ZIP ADHD CPR DNA MRI CT PCR UV AC DC BMI SME PPE OCD RFID NFC QR CAPTCHA OTP
  EAN GPA LPG DSL VDSL ADSL IATA ESTA GPL CE IMEI IMAP SMTP VOIP GSM LTE MVNO OECD WHO ILO FBI CIA IRS SEC FDA FTC FCC EPA SSA GSA OPM DOJ DHS OSHA NIST CDC NIH
  OG AG KG SA NV BV PLC GMBH LLP UG EU-US LGBT LGBTQ NHS BBQ ABS LSD THC ESL TOEFL IELTS ECTS SOS VHS CVV CVC BIC SWIFT IOU NDA MP MD DJ TB TLDR FYI ETA EOD`
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
      // Where whole phrases are in capitals, they are emphasis.
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
