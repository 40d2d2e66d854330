/** Names of fellow authors in the fields of a page of comments. */
import { serveMentions } from "../mentions.ts";

serveMentions(document);
