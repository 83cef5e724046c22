/**
 * Services whose endpoints are behind names of the Domain Name System, and the stage that turns names into addresses
 * and keeps these fresh. The only package that asks name servers.
 */
@NullMarked
package io.myelin.discovery.dns;

import org.jspecify.annotations.NullMarked;
