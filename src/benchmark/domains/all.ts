import type { Domain } from "../domain.ts";
import { airline } from "./airline.ts";
import { bank } from "./bank.ts";
import { clinic } from "./clinic.ts";
import { energy } from "./energy.ts";
import { hotel } from "./hotel.ts";
import { insurance } from "./insurance.ts";
import { library } from "./library.ts";
import { parcels } from "./parcels.ts";
import { parking } from "./parking.ts";
import { rental } from "./rental.ts";
import { retail } from "./retail.ts";
import { telecom } from "./telecom.ts";
import { university } from "./university.ts";

/** The businesses that policies are written for; a seed chooses one by its place, so new ones go last. */
export const domains: readonly Domain[] = [
  airline,
  bank,
  clinic,
  energy,
  hotel,
  insurance,
  library,
  parcels,
  parking,
  rental,
  retail,
  telecom,
  university,
];
