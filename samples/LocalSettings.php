<?php
# What a MediaWiki (1.35 or later) needs to send its events to WikiBus. Add these lines to your LocalSettings.php.

wfLoadExtension( 'EventBus' );

# Where WikiBus listens. When the wiki is on another machine, give its key in the address:
#   https://bus.example.org:8193/v1/events?apikey=...   (wikibus keys create --id my-wiki --role publish)
# WikiBus listens to its own machine alone unless told otherwise: wikibus serve --listen http://0.0.0.0:8192, or with
# https as docs/operations.md says under "TLS and proxies", since the key would be sent in the clear.
$wgEventServices = [
	'wikibus' => [ 'url' => 'http://localhost:8192/v1/events', 'timeout' => 5 ],
];
$wgEventServiceDefault = 'wikibus';

# TYPE_EVENT: what changed. TYPE_ALL adds jobs and purges, for wikis whose queue and caches run over the bus.
$wgEnableEventBus = 'TYPE_EVENT';

# Recent changes as the stream mediawiki.recentchange.
$wgRCFeeds['wikibus'] = [
	'class' => MediaWiki\Extension\EventBus\Adapters\RCFeed\EventBusRCFeedEngine::class,
	'formatter' => MediaWiki\Extension\EventBus\Adapters\RCFeed\EventBusRCFeedFormatter::class,
];
