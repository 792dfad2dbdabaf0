/**
 * What a business looks like, written by hand: records with believable fields, requests with the
 * terms that can be granted, teams, and sentences that belong to its policy. The generator chooses
 * from it, and writes no words of its own about a business.
 */
export interface Domain {
  id: string;
  /** What the business may be called. */
  organisations: readonly string[];
  /** What stands in the title after the name: "Reservation desk policy". */
  desk: string;
  /** Who asks: "guest". */
  person: string;
  /** Who answers: "reservation agent". */
  agent: string;
  /** The first one holds what requests are about; the others are linked from it. */
  databases: readonly Database[];
  tasks: readonly TaskPlan[];
  /** Terms that a request can be granted on, by name. */
  terms: Readonly<Record<string, Terms>>;
  /** What a request may ask the user to give. */
  arguments: readonly ValueField[];
  /** What a user may say, and no record holds. */
  said: readonly Field[];
  /** "duty manager": whom a request can be handed to. */
  teams: readonly string[];
  /** Always-on duties, as whole sentences. */
  manners: readonly string[];
  /** What is so in this business and bears on no request, as whole sentences. */
  facts: readonly string[];
}

export interface Database {
  /** "bookings": the name of its file. */
  name: string;
  /** "booking" */
  noun: string;
  /** "B": what its ids begin with. */
  prefix: string;
  fields: readonly Field[];
}

export interface EnumField {
  kind: "enum";
  name: string;
  values: readonly string[];
}

export interface NumberField {
  kind: "number";
  name: string;
  /** In the plural; what is counted is never one. */
  unit: string;
  low: number;
  high: number;
  step: number;
}

export interface FlagField {
  kind: "flag";
  name: string;
  /** Clauses that can follow "if". */
  yes: string;
  no: string;
  /** The same as the person says it; the clauses above where these are not given. */
  me?: { yes: string; no: string };
}

export type ValueField = EnumField | NumberField;
export type Field = ValueField | FlagField;

/** Something a person may ask for. */
export interface TaskPlan {
  /** "cancel booking" */
  name: string;
  /** "cancel a booking": follows "asks to". */
  ask: string;
  /** "cancel the booking": what the agent does. */
  act: string;
  /** The name of its terms. */
  terms: string;
}

/** What a granted request costs, or how it is carried out; decided by the policy. */
export type Terms =
  | { kind: "number"; say: string; values: readonly number[] }
  | { kind: "enum"; say: string; values: readonly string[] };

export const oneOf = (name: string, ...values: string[]): EnumField => ({
  kind: "enum",
  name,
  values,
});

export const amount = (
  name: string,
  unit: string,
  low: number,
  high: number,
  step = 1,
): NumberField => ({ kind: "number", name, unit, low, high, step });

export const flag = (
  name: string,
  yes: string,
  no: string,
  me?: { yes: string; no: string },
): FlagField => ({ kind: "flag", name, yes, no, ...(me && { me }) });

/** @param say how the terms are told, with `{}` in place of the value: "for a fee of {} euros". */
export const numberTerms = (say: string, ...values: number[]): Terms => ({
  kind: "number",
  say,
  values,
});

export const enumTerms = (say: string, ...values: string[]): Terms => ({
  kind: "enum",
  say,
  values,
});

export const task = (name: string, ask: string, act: string, terms: string): TaskPlan => ({
  name,
  ask,
  act,
  terms,
});
