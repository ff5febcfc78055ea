package dev.postfeed.query;

/** A field of a row as a client gets it: a column, or rows of the other table. */
sealed interface Selected permits Column, Embedding {

    /** Its name in the answer. */
    String name();
}
