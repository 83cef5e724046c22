/** Objects in S3, and in what speaks its protocol. */
@NullMarked
package io.myelin.discovery.s3;

import org.jspecify.annotations.NullMarked;
