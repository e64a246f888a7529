{{header}}

{{connector}}

try {
    {{lists}}
    $cursor = $null
    do {
        $body = {{body}}
        $page = Invoke-Connector -Action '{{action}}' -Body $body -TimeoutSec {{timeout}}
        if ($null -eq $page.items) {
            throw 'The answer is not one of the Spend Cloud connector: check the address in the configuration of this system'
        }

        foreach ($item in $page.items) {
            {{item}}
        }
        $cursor = $page.next
    } while ($cursor)
}
catch {
    # An import that stops half-way must end in an error, or HelloID would take what is missing for gone.
    $message = "Could not {{doing}}: $(Resolve-ConnectorError -ErrorRecord $_)"
    Write-Error -Message $message -ErrorAction Continue
    throw $message
}
