/**
 * Services on the instances of Amazon EC2 that have certain tags (Synapse's {@code ec2tag}). The only package that sees
 * the AWS SDK, of which it uses what finds credentials and what signs requests.
 */
@NullMarked
package io.myelin.discovery.ec2tag;

import org.jspecify.annotations.NullMarked;
