package io.myelin.health;

/** Looks for something in the bytes of a body that arrive one by one. */
interface BodySearch {
    /** Takes the next byte. */
    void accept(byte value);

    /** Returns whether it has been found for certain, whatever comes. */
    boolean found();

    /** Returns whether it is there if nothing comes any more. */
    boolean foundInAll();
}
