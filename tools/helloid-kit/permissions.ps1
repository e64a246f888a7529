{{header}}

{{connector}}

try {
    {{lists}}
    $body = {{body}}
    $answer = Invoke-Connector -Action '{{action}}' -Body $body -TimeoutSec {{timeout}}
    if ($null -eq $answer.Permissions) {
        throw 'The answer is not one of the Spend Cloud connector: check the address in the configuration of this system'
    }

    foreach ($permission in $answer.Permissions) {
        [void] $outputContext.Permissions.Add(@{
                DisplayName    = $permission.DisplayName
                Identification = @{ Reference = $permission.Identification.Reference }
            })
    }
}
catch {
    # This script has no audit log. It must end in an error, or HelloID would take the list for empty.
    $message = "Could not {{doing}}: $(Resolve-ConnectorError -ErrorRecord $_)"
    Write-Error -Message $message -ErrorAction Continue
    throw $message
}
