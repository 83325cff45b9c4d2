<?php
# These lines let MediaWiki (1.35 or later) send its events to WikiBus. Add them to your LocalSettings.php.

wfLoadExtension( 'EventBus' );

# The address of WikiBus. If the wiki runs on another machine, add a key to the address:
#   https://bus.example.org:8193/v1/events?apikey=...   (wikibus keys create --id my-wiki --role publish)
# By default WikiBus listens on its own machine only. To change this: wikibus serve --listen http://0.0.0.0:8192. That
# sends the key in clear text; for https see "TLS and proxies" in docs/operations.md.
$wgEventServices = [
	'wikibus' => [ 'url' => 'http://localhost:8192/v1/events', 'timeout' => 5 ],
];
$wgEventServiceDefault = 'wikibus';

# TYPE_EVENT: changes of the wiki. TYPE_ALL adds jobs and purges, for wikis that send these over the bus, too.
$wgEnableEventBus = 'TYPE_EVENT';

# Sends recent changes to the stream mediawiki.recentchange.
$wgRCFeeds['wikibus'] = [
	'class' => MediaWiki\Extension\EventBus\Adapters\RCFeed\EventBusRCFeedEngine::class,
	'formatter' => MediaWiki\Extension\EventBus\Adapters\RCFeed\EventBusRCFeedFormatter::class,
];
