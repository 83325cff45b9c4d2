<?php
# These lines let MediaWiki (1.35 or later) send its events to WikiBus. Add them to your LocalSettings.php.

wfLoadExtension( 'EventBus' );

# The address of WikiBus. If the wiki runs on another machine, add a key to the address:
#   https://bus.example.org:8193/v1/events?apikey=...   (wikibus keys create --id my-wiki --role publish)
# By default WikiBus listens on its own machine only. To change this: wikibus serve --listen http://0.0.0.0:8192. That
# sends the key in clear text; for https see "TLS and proxies" in docs/operations.md.
# timeout: how many seconds the wiki waits for an answer; it never sends an event again. If a job must not be lost without
# an error, set Intake:Deadline of WikiBus below it, to 1500 ms. See "When the bus is away" in docs/operations.md.
$wgEventServices = [ 'wikibus' => [ 'url' => 'http://localhost:8192/v1/events', 'timeout' => 2 ] ];
$wgEventServiceDefault = 'wikibus';

# TYPE_EVENT: changes of the wiki. TYPE_ALL adds jobs and purges, for wikis that send these over the bus, too.
$wgEnableEventBus = 'TYPE_EVENT';

# Sends recent changes to the stream mediawiki.recentchange.
$wgRCFeeds['wikibus'] = [
	'class' => MediaWiki\Extension\EventBus\Adapters\RCFeed\EventBusRCFeedEngine::class,
	'formatter' => MediaWiki\Extension\EventBus\Adapters\RCFeed\EventBusRCFeedFormatter::class,
];

# Everything below is optional. Remove the # before a line to use it.

# Shows events that did not reach WikiBus (http) and events that WikiBus refused (EventBus).
# $wgDebugLogGroups['http'] = '/var/log/mediawiki/http.log';
# $wgDebugLogGroups['EventBus'] = '/var/log/mediawiki/eventbus.log';

# Purges of cached URLs, to the stream resource-purge. They need TYPE_EVENT|TYPE_PURGE or TYPE_ALL above.
# $wgEventRelayerConfig['cdn-url-purges'] = [
# 	'class' => MediaWiki\Extension\EventBus\Adapters\EventRelayer\CdnPurgeEventRelayer::class,
# 	'stream' => 'resource-purge',
# ];

# Jobs. WikiBus stores them, but nobody runs them yet: with the next line the jobs of the wiki are never done. Use it
# only with a program of your own that reads mediawiki.job.* and runs them. It needs TYPE_EVENT|TYPE_JOB or TYPE_ALL.
# $wgJobTypeConf['default'] = [ 'class' => MediaWiki\Extension\EventBus\Adapters\JobQueue\JobQueueEventBus::class ];

# The route of the wiki by which such a program runs a job. It is on by default; without such a program, switch it off.
# $wgEventBusEnableRunJobAPI = false;

# MediaWiki 1.34 only, which is older than what WikiBus is tested with: the REST routes have to be switched on.
# $wgEnableRestAPI = true;
