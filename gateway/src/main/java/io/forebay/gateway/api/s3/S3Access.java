package io.forebay.gateway.api.s3;

import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.auth.SessionTokens;
import java.time.Duration;

/// Who comes in at the S3 face, and what they may do.
///
/// @param authorizer who callers are
/// @param permissions what they may do
/// @param sessions makes temporary credentials
/// @param maxSession how long these live at most
public record S3Access(Authorizer authorizer, Permissions permissions, SessionTokens sessions, Duration maxSession) {}
