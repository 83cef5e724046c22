package io.myelin.admin;

/**
 * How the API reports that a request was not served.
 *
 * @param message stands at the top as well, where clients of Tye's API look for it
 */
record ErrorView(String message, Detail error) {
    /** What was wrong with which request. */
    record Detail(int status, String message, String path) {}
}
